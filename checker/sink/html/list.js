/* The list of findings, and what restricts it. */

const emptyFilters = { state: "open", rule: "", path: "", calls: "", author: "" };
const filters = { ...emptyFilters };
const STEP = 100;
let shownRows = STEP;

const states = [
	[ "open", "open", (f) => f.open ], [ "new", "new", isNew ],
	[ "closed", "fixed or suppressed since the base", isClosed ],
	[ "kept", "open, not looked at", (f) => f.state === "unavailable" || f.state === "off" ],
	[ "suppressed", "suppressed", (f) => f.state === "suppressed" ],
	[ "reviewed", "reviewed", (f) => Boolean(f.review) ], [ "all", "all", () => true ]
];

const callPath = (f) => (f.calls || [f.function]).join(" > ");
const has = (text, part) => text.toLowerCase().includes(part.toLowerCase());

function matching() {
	const inState = (states.find((s) => s[0] === filters.state) || states[0])[2];
	return findings.filter((f) => inState(f) && (!filters.rule || f.rule === filters.rule) && has(placeOf(f), filters.path) &&
		has(callPath(f), filters.calls) && (!filters.author || f.author === filters.author));
}

/* ---- the form ---- */

function choice(name, label, options) {
	return el("label", {}, label, el("select", { name, change: readFilters },
		...options.map(([value, text]) => el("option", { value }, text))));
}

function words(name, label, hint) {
	return el("label", {}, label, el("input", { name, type: "search", placeholder: hint, autocomplete: "off", spellcheck: "false", input: readFilters }));
}

function makeFilters() {
	const rules = [...countBy(findings, (f) => f.rule)].sort((a, b) => (a[0] < b[0] ? -1 : 1));
	const authors = [...countBy(open.filter((f) => f.author), (f) => f.author)].sort((a, b) => b[1] - a[1]);
	const parts = [choice("state", "State", states.map(([value, text, test]) => [value, `${text} (${findings.filter(test).length})`])),
		choice("rule", "Rule", [["", "any"], ...rules.map(([rule, n]) => [rule, `${rule} (${n})`])]),
		words("path", "Path", "part of a path"), words("calls", "Call path", "load > poll")];
	if (authors.length)
		parts.push(choice("author", "Author", [["", "any"], ...authors.map(([name, n]) => [name, `${name} (${n})`])]));
	parts.push(el("button", { type: "button", click: () => setFilters(emptyFilters) }, "Clear"));
	byId("filters").append(...parts);
	byId("filters").addEventListener("submit", (e) => e.preventDefault());
}

function readFilters() {
	for (const name of Object.keys(emptyFilters)) {
		const field = byId("filters").elements.namedItem(name);
		if (field)
			filters[name] = field.value;
	}
	shownRows = STEP;
	drawList();
}

function setFilters(to) {
	for (const [name, value] of Object.entries(to)) {
		const field = byId("filters").elements.namedItem(name);
		if (field)
			field.value = value;
	}
	readFilters();
}

/* From a table above: that alone, in sight. */
function showOnly(to) {
	setFilters({ ...emptyFilters, ...to });
	byId("findings").scrollIntoView();
	byId("filters").elements.namedItem("state").focus({ preventScroll: true });
}

/* ---- the rows ---- */

const stateNames = { unavailable: "open, not looked at", off: "open, rule off", existing: "open" };

function stateTag(f) {
	const text = f.state === "reopened" ? "reopened" : f.change || (f.state === "new" ? "open" : stateNames[f.state] || f.state);
	const kind = f.change === "new" ? "new" : isClosed(f) || !f.open ? "fixed" : "";
	return el("span", { class: `tag ${kind}` }, text);
}

const reviewTag = (f) => (f.review ? el("span", {class : "tag review"}, `reviewed: ${f.review.status}`) : "");

function row(f) {
	return el("tr", {}, el("td", {"data-head" : "State"}, stateTag(f)),
	          el("td", {"data-head" : "Rule"}, f.rule),
	          el("td", {class : "what"}, findingLink(f, ...withCode(f.message)), reviewTag(f),
	             el("span", {class : "place"}, `${placeOf(f)}${f.function ? ", " + callPath(f) : ""}`)),
		  el("td", {"data-head" : "Since"}, day(f.seen)),
		  ...(data.has_authors ? [ el("td", {"data-head" : "Author"}, f.author || "") ] : []));
}

function drawList() {
	const list = matching();
	const heads = ["State", "Rule", "What and where", "Since", ...(data.has_authors ? ["Author"] : [])];
	fill("found", `${plural(list.length, "finding")}${list.length > shownRows ? `, the first ${shownRows} of them are shown` : ""}.`
		+ (data.left_out && filters.state !== "new" ? ` ${plural(data.left_out, "more open finding")} of longest standing ${data.left_out === 1 ? "is" : "are"} counted above, but not listed.` : ""));
	const table = el("table", { class: "list" }, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))),
		el("tbody", {}, ...list.slice(0, shownRows).map(row)));
	const more = list.length > shownRows ? el("button", { type: "button", click: () => { shownRows += STEP; drawList(); } }, `Show ${STEP} more`) : null;
	fill("list", list.length ? table : null, more);
}
