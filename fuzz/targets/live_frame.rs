//! A frame from a browser is read or refused with a stable code; so is what it asks for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rapport_model::CATALOGUE;
use rapport_wire::live;

fuzz_target!(|text: &str| {
    if let Err(fault) = live::decode(text) {
        assert!(CATALOGUE.contains(&fault.kind), "{}", fault.kind.code);
    }
    let _named = live::frame_id(text);
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        for fault in [live::customer_action(value.clone()).err(), live::member_action(value).err()].into_iter().flatten() {
            assert!(CATALOGUE.contains(&fault.kind), "{}", fault.kind.code);
        }
    }
});
