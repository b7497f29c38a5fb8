//! What the whole-product tests share: a taxiway process, free ports, conditions with deadlines.
