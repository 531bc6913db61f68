//! The conformance suite.

use super::support::{Phone, Place, scope};
use crate::conformance::{Stage, pile_sink_keeps_its_promises, source_keeps_its_promises};

#[tokio::test]
async fn gmail_keeps_the_promises_of_a_source() {
    for tells_labels in [false, true] {
        let place = Place::new();
        place.simulator.world().google.history_tells_labels = tells_labels;
        let mut phone = Phone(&place);
        let stage = Stage { provider: &place.account, scope: scope(), remote: &mut phone };
        source_keeps_its_promises(stage).await;
    }
}

#[tokio::test]
async fn gmail_keeps_the_promises_of_a_sink() {
    for tells_labels in [false, true] {
        let place = Place::new();
        place.simulator.world().google.history_tells_labels = tells_labels;
        let mut phone = Phone(&place);
        let stage = Stage { provider: &place.account, scope: scope(), remote: &mut phone };
        pile_sink_keeps_its_promises(stage).await;
    }
}
