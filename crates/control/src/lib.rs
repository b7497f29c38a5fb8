//! Decisions as pure state machines: what to do next, given what is wanted, what is seen and the time.
