//! What the types forbid: each file is a way around the gate, and none of them compiles.

#[test]
fn no_way_around_the_gate_compiles() {
    trybuild::TestCases::new().compile_fail("tests/must_not_compile/*.rs");
}
