# Thin over `cargo xtask`; ARGS goes to the command: make bars ARGS=--last
.PHONY: help run test quick check bench bars

help:
	@cargo run --quiet --locked --package xtask -- help

run test quick check bench bars:
	@cargo run --quiet --locked --package xtask -- $@ $(ARGS)
