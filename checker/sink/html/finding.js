/* The page of one finding: numbered steps on the source. */

let stepNotes = [];

/* ---- the source with the steps in it ---- */

/* Steps that are read downwards in one file and one function are shown on one piece of source. */
function piecesOf(steps) {
	const pieces = [];
	steps.forEach((step, i) => {
		const last = pieces[pieces.length - 1];
		const before = steps[i - 1];
		if (last && step.file === last.file && step.depth === last.depth && step.now >= before.now)
			last.steps.push([i, step]);
		else
			pieces.push({ file: step.file, depth: step.depth, steps: [[i, step]] });
	});
	return pieces;
}

const standings = {
	moved: (s) => `was line ${s.line} when it was analysed`,
	changed: () => "this line has changed since: it is not what was analysed",
	gone: () => "the source is not there to show",
};

function ground(step) {
	if (!step.basis)
		return "";
	const text = `rests on: ${step.basis}`;
	if (step.ground === undefined)
		return el("span", { class: "basis" }, text);
	return el("details", { class: "basis" }, el("summary", {}, text), el("pre", {}, data.grounds[step.ground]));
}

function stepNote(i, step, total) {
	const note = el("div", { class: "step", tabindex: "-1", id: `step-${i + 1}`, "aria-label": `Step ${i + 1} of ${total}` },
		el("span", { class: "n", "aria-hidden": "true" }, String(i + 1)),
		el("div", {}, el("span", {}, ...withCode(step.text)), ground(step),
			step.standing ? el("span", { class: "standing" }, standings[step.standing](step)) : ""));
	stepNotes[i] = note;
	return note;
}

function sourceLine(number, text, marked) {
	return el("div", { class: marked ? "line marked" : "line" }, el("span", { class: "no" }, String(number)), el("code", {}, text));
}

/* The lines that belong to a piece: those around its steps. */
function linesOf(piece) {
	const known = Object.hasOwn(data.files, piece.file) ? data.files[piece.file] : {};
	const wanted = new Set();
	for (const [, step] of piece.steps)
		for (let n = step.now - 2; n <= step.now + 2 && step.standing !== "gone"; n++)
			if (Object.hasOwn(known, n))
				wanted.add(n);
	return [...wanted].sort((a, b) => a - b).map((n) => [n, known[n]]);
}

function pieceBody(piece, total) {
	const out = [], waiting = [...piece.steps];
	let last = 0;
	for (const [n, text] of linesOf(piece)) {
		if (last && n > last + 1)
			out.push(el("div", { class: "gap" }, "\u22ef"));
		out.push(sourceLine(n, text, piece.steps.some(([, s]) => s.now === n)));
		while (waiting.length && waiting[0][1].now === n)
			out.push(stepNote(...waiting.shift(), total));
		last = n;
	}
	return [...out, ...waiting.map(([i, s]) => stepNote(i, s, total))];
}

function pieceElement(piece, total) {
	const title = `${piece.file}${piece.depth ? ", in a function that is called" : ""}`;
	const body = el("div", { class: "source" }, ...pieceBody(piece, total));
	if (!piece.depth)
		return el("div", { class: "piece" }, el("p", { class: "file" }, title), body);
	const e = el("details", { class: "piece callee", open: true }, el("summary", { class: "file" }, title), body);
	e.style.marginInlineStart = `${Math.min(piece.depth, 4)}rem`;
	return e;
}

/* ---- going through the steps ---- */

let currentStep = -1;

function goToStep(i) {
	if (!stepNotes.length)
		return;
	stepNotes.forEach((n) => n.removeAttribute("aria-current"));
	currentStep = (i + stepNotes.length) % stepNotes.length;
	const note = stepNotes[currentStep];
	for (let d = note.closest("details.callee"); d; d = null)
		d.open = true;
	note.setAttribute("aria-current", "step");
	note.focus({ preventScroll: true });
	note.scrollIntoView({ block: "center" });
	byId("step-count").textContent = `Step ${currentStep + 1} of ${stepNotes.length}`;
}

function stepper() {
	return el("div", { class: "stepper", role: "group", "aria-label": "Steps" },
		el("button", { type: "button", click: () => goToStep(currentStep - 1) }, "\u2191 Previous step"),
		el("span", { id: "step-count", role: "status" }, `${stepNotes.length} steps`),
		el("button", { type: "button", click: () => goToStep(currentStep + 1) }, "\u2193 Next step"));
}

/* ---- what is said about it ---- */

function fact(name, value) {
	return value ? [el("dt", {}, name), el("dd", {}, value)] : [];
}

const confidences = { high: "rests on models and a feasible path alone", medium: "rests on an inferred summary or on one heuristic",
	low: "rests on an assumption about callers or timing" };

function facts(f) {
	return el("dl", {}, ...fact("Where", placeOf(f)), ...fact("Call path", callPath(f)),
	          ...fact("State", stateTag(f)),
	          ...fact("Reviewed as", f.review ? `${f.review.status}: ${f.review.reason}` : ""),
		  ...fact("Reason", f.reason), ...fact("First seen", `${day(f.seen)}, run ${f.first}`),
		  ...fact("Last change of the line", f.author), ...fact("Severity", f.severity),
		  ...fact("Confidence", `${f.confidence}: ${confidences[f.confidence] || ""}`),
		  ...fact("Stands for", (f.also || []).join(", ")), ...fact("Id", el("code", {}, f.id)));
}

function helpOf(rule) {
	const template = byId(`help-${rule}`);
	if (!(template instanceof HTMLTemplateElement))
		return "";
	return el("details", { class: "help" }, el("summary", {}, `About ${rule}: why it matters, what to write instead, its limits`), template.content.cloneNode(true));
}

function silence(f) {
	return f.open ? el("p", { class: "hint" }, "If it is right as it is, say so at the end of the line or above it: ",
		el("code", {}, `// cancelint-allow(${f.rule}): why`)) : "";
}

function path(f) {
	if (!f.steps)
		return [el("p", { class: "note" }, "The steps of this finding are not in the report: it has pages for the newest ones alone. ",
			el("code", {}, `cancelint explain ${f.id.slice(0, 12)}`), " shows them, and ", el("code", {}, "cancelint report --pages N"), " makes more pages.")];
	const steps = f.steps.length ? f.steps : [{ ...f.place, depth: 0, text: f.message }];
	const pieces = piecesOf(steps).map((p) => pieceElement(p, steps.length));
	return [f.traced ? null : el("p", { class: "note" }, "The steps were not recorded: the run was one of an older version."),
		f.steps.length > 1 ? stepper() : null, ...pieces].filter(Boolean);
}

function neighbours(f) {
	const list = matching(), i = list.indexOf(f);
	const link = (to, text) => (to ? el("a", { href: `#finding-${to.id}` }, text) : el("span", { class: "hint" }, text));
	return el("nav", { class: "neighbours", "aria-label": "Findings" }, el("a", { href: "#findings" }, "\u2190 All findings"),
		i < 0 ? "" : link(list[i - 1], "Previous finding"), i < 0 ? "" : link(list[i + 1], "Next finding"));
}

function showFinding(f) {
	stepNotes = [];
	currentStep = -1;
	const title = el("h2", { tabindex: "-1" }, ...withCode(f.message));
	const body = path(f);
	fill("page", neighbours(f), el("section", { "aria-labelledby": "finding-title" }, el("p", { class: "rule" }, f.rule, " ", stateTag(f)), title, facts(f)),
		el("section", { "aria-label": "The path" }, ...body, silence(f)), helpOf(f.rule) || null);
	title.id = "finding-title";
	document.title = `${f.rule} at ${placeOf(f)}: ${data.project}`;
	if (stepNotes.length)
		byId("step-count") && (byId("step-count").textContent = plural(stepNotes.length, "step"));
	window.scrollTo(0, 0);
	title.focus({ preventScroll: true });
}
