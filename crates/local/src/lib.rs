//! A System on this machine: supervise its processes, provision its resources, drive edge and cloud.
