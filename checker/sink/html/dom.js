/* Elements are made here and nowhere else, and their text is text: what the data says never becomes markup. */

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
	const e = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {})) {
		if (typeof value === "function")
			e.addEventListener(name, value);
		else if (value !== null && value !== undefined && value !== false)
			e.setAttribute(name, value === true ? "" : value);
	}
	e.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
	return e;
}

function svg(tag, attributes, ...children) {
	const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
	for (const [name, value] of Object.entries(attributes))
		e.setAttribute(name, value);
	e.append(...children);
	return e;
}

const fill = (id, ...children) => byId(id).replaceChildren(...children.filter(Boolean));
const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many || one + "s"}`;
const day = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);
const minute = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
const signed = (n) => (n > 0 ? `+${n}` : n < 0 ? `\u2212${-n}` : "0");
const commitOf = (run) => run.commit.slice(0, 10);
const sum = (list) => list.reduce((a, b) => a + b, 0);

function runName(run) {
	return [`run ${run.run}`, minute(run.at), commitOf(run), run.branch].filter(Boolean).join(", ");
}

/* `code` in messages, as the rules write them. */
function withCode(text) {
	return text.split("`").map(
	        (part, i) => (i % 2 ? el("code", {}, part)
	                            : document.createTextNode(part.replaceAll(" -> ", " \u2192 "))));
}

function countBy(list, key) {
	const counts = new Map();
	for (const item of list)
		counts.set(key(item), (counts.get(key(item)) || 0) + 1);
	return counts;
}

/* A colour of the style, as a canvas understands it. */
function colour(name) {
	const probe = el("span", { class: "probe" });
	probe.style.color = `var(${name})`;
	document.body.append(probe);
	const resolved = getComputedStyle(probe).color;
	probe.remove();
	return resolved;
}

const findings = data.findings;
const isNew = (f) => f.change === "new";
const isClosed = (f) => f.change === "fixed" || f.change === "suppressed";
const open = findings.filter((f) => f.open);
const opened = findings.filter(isNew);
const closed = findings.filter(isClosed);
const findingById = new Map(findings.map((f) => [f.id, f]));
const placeOf = (f) => `${f.file}:${f.line}`;
const findingLink = (f, ...content) => el("a", { href: `#finding-${f.id}` }, ...content);
