//! What a text wants: the linear core, calibration, neighbours, out of scope.
