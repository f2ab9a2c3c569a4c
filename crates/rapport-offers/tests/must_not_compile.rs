//! What the crate graph forbids: commerce cannot name what is sealed.

#[test]
fn commerce_cannot_name_what_is_sealed() {
    trybuild::TestCases::new().compile_fail("tests/must_not_compile/*.rs");
}
