# Thin over `cargo xtask`; ARGS goes to the command: make bars ARGS=--last
.PHONY: help run test quick check bench bars

XTASK = @command -v cargo >/dev/null || { echo "Rust is missing: https://rustup.rs"; exit 1; }; cargo run --quiet --locked --package xtask --

help:
	$(XTASK) help

run test quick check bench bars:
	$(XTASK) $@ $(ARGS)
