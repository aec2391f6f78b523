/*
 * Found when all findings are together (finding_set_finish), not by a pass over a unit: whether a comment
 * silences something is known only then. The entry gives the id, the page and the switch.
 */
#include "rule.h"

const struct rule cancelint_rule = {
        .id = "unused-suppression",
        .summary = "a suppression comment that silences nothing",
        .severity = SEVERITY_NOTE,
        .usual_confidence = CONFIDENCE_HIGH,
        .since = "0.1",
        .run = NULL,
};
