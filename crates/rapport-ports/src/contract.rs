//! Contract tests: what every implementation of the ports promises. `feature = "contract"`-free: plain functions that panic with what broke.
