/*
 * Found when the suppressions are applied (finding_set_finish), not by a pass over a unit. The entry gives
 * the id, the page and the switch.
 */
#include "rule.h"

const struct rule cancelint_rule = {
        .id = "suppression-without-reason",
        .summary = "a suppression comment that does not say why",
        .severity = SEVERITY_WARNING,
        .usual_confidence = CONFIDENCE_HIGH,
        .since = "0.1",
        .run = NULL,
};
