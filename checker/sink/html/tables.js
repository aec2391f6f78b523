/* What the report says first, and the tables of rules, directories and authors. */

function changesOf(f) {
	return el("li", {}, findingLink(f, f.rule), " ", el("span", { class: "place" }, placeOf(f)),
		f.change === "suppressed" ? el("span", { class: "tag" }, "suppressed") : "");
}

function nameList(title, list, empty, change) {
	const shown = 8;
	const items = list.slice(0, shown).map(changesOf);
	const more = list.length > shown
		? el("p", {}, el("button", { type: "button", click: () => showOnly({ state: change }) },
			`All ${list.length}`)) : null;
	return el("div", {}, el("h3", {}, title), list.length ? el("ul", { class: "names" }, ...items) : el("p", { class: "hint" }, empty),
		more || "");
}

function tile(kind, mark, n, word) {
	return el("div", { class: `tile ${kind}` }, el("span", { class: "mark", "aria-hidden": "true" }, mark),
		el("strong", {}, n.toLocaleString("en")), el("span", {}, word));
}

function verdict() {
	const { head, base } = data;
	if (!base)
		return `This is the first run that was recorded: ${plural(head.total, "open finding")}.`;
	const change = head.total - base.total;
	const than = `than after ${runName(base)}`;
	const findingsMore = (n, word) => `${n} ${word} open ${n === 1 ? "finding" : "findings"}`;
	if (change === 0)
		return `Unchanged: as many findings are open as after ${runName(base)}${opened.length ? ", but not the same ones" : ""}.`;
	return change < 0 ? `Better: ${findingsMore(-change, "fewer")} ${than}.` : `Worse: ${findingsMore(change, "more")} ${than}.`;
}

function budgetItem(b)
{
	const over = b.open - b.allowed;
	return el("li", {class : over > 0 ? "missed" : "met"},
	          el("span", {class : "mark", "aria-hidden" : "true"}, over > 0 ? "\u2717" : "\u2713"),
	          ` Budget ${b.text}: ${b.open.toLocaleString("en")} open, ${
			  b.allowed.toLocaleString("en")} allowed: ${
			  over > 0 ? `missed by ${over.toLocaleString("en")}` : "met"}`);
}

function showGate() {
	const { head, base } = data;
	const change = base ? head.total - base.total : 0;
	fill("verdict", verdict());
	byId("verdict").className = change < 0 ? "better" : change > 0 ? "worse" : "";
	fill("tiles", base && tile("new", "\u25b2", opened.length, "new"),
		base && tile("fixed", "\u25bc", closed.length, closed.some((f) => f.change === "suppressed") ? "fixed or suppressed" : "fixed"),
		tile("", "\u25cf", head.total, "outstanding"));
	fill("budgets", ...data.budgets.map(budgetItem));
	byId("budgets").hidden = !data.budgets.length;
	if (base)
		fill("names", nameList("New", opened, "Nothing is new.", "new"),
			nameList("Fixed", closed, "Nothing was fixed.", "closed"));
}

/* ---- reasons ---- */

function coverage() {
	const { head, base } = data;
	const out = [];
	if (head.failed)
		out.push(`${plural(head.failed, "unit")} of ${head.units} could not be analysed in the newest run.`);
	if (!head.whole)
		out.push("The newest run was asked to analyse a part of the project only.");
	if (head.kept)
		out.push(`${plural(head.kept, "finding")} ${head.kept === 1 ? "was" : "were"} not looked at and ${head.kept === 1 ? "counts" : "count"} as still open.`);
	if (base && base.failed)
		out.push(`${plural(base.failed, "unit")} of ${base.units} could not be analysed in the base.`);
	return out;
}

function rulesThatMoved() {
	const added = countBy(opened, (f) => f.rule);
	const gone = countBy(closed, (f) => f.rule);
	const rules = [...new Set([...added.keys(), ...gone.keys()])];
	const net = (rule) => (added.get(rule) || 0) - (gone.get(rule) || 0);
	rules.sort((a, b) => Math.abs(net(b)) - Math.abs(net(a)) || (a < b ? -1 : 1));
	return rules.map((rule) => el("tr", {}, el("th", { scope: "row" }, rule),
		el("td", {}, String(added.get(rule) || 0)), el("td", {}, String(gone.get(rule) || 0)), el("td", {}, signed(net(rule)))));
}

function showReasons() {
	if (!data.base) {
		byId("why").hidden = true;
		return;
	}
	const causes = [...data.events.map((e) => `${e[0].toUpperCase()}${e.slice(1)}.`), ...coverage()];
	if (!data.events.length && (opened.length || closed.length))
		causes.push("The version, models, rules and configuration are those of the base: the code made the difference.");
	if (!causes.length)
		causes.push("It did not.");
	const rows = rulesThatMoved();
	fill("reasons", el("ul", {}, ...causes.map((c) => el("li", {}, c))),
		rows.length ? el("div", { class: "scroll", tabindex: "0" }, el("table", {}, el("thead", {}, el("tr", {}, ...["Rule", "new", "fixed", "net"].map((h, i) =>
			el("th", { scope: "col", class: i ? "number" : "" }, h)))), el("tbody", {}, ...rows))) : null);
}

/* ---- tables with sparklines ---- */

function sparkline(counts) {
	const width = 120, height = 26, most = Math.max(1, ...counts);
	const x = (i) => (counts.length > 1 ? (i * (width - 4)) / (counts.length - 1) + 2 : width / 2);
	const y = (n) => height - 3 - (n * (height - 6)) / most;
	const points = counts.map((n, i) => `${x(i).toFixed(1)},${y(n).toFixed(1)}`);
	const last = counts.length - 1;
	return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "spark", role: "img",
		"aria-label": `from ${counts[0]} to ${counts[last]}, at most ${Math.max(...counts)}` },
	svg("polyline", { points: points.join(" ") }), svg("circle", { cx: x(last), cy: y(counts[last]), r: 2.2 }));
}

function groupRow(group, filter) {
	const oldest = Math.min(...group.list.map((f) => f.seen));
	const cells = [String(group.count), String(group.added || ""), String(group.gone || ""), group.list.length ? day(oldest) : ""];
	return el("tr", {}, el("th", { scope: "row" }, el("button", { type: "button", class: "link", click: () => showOnly(filter(group.name)) },
		group.name), group.summary ? el("span", { class: "summary" }, group.summary) : ""),
	...cells.map((c) => el("td", { class: "number" }, c)), group.counts && group.counts.length > 1 ? el("td", {}, sparkline(group.counts)) : "");
}

function groupTable(caption, groups, filter) {
	const heads = [caption, "open", "new", "fixed", "oldest since", ...(groups.some((g) => g.counts && g.counts.length > 1) ? ["trend"] : [])];
	const limit = 15;
	const body = el("tbody", {}, ...groups.slice(0, limit).map((g) => groupRow(g, filter)));
	const table = el("div", { class: "scroll", tabindex: "0" }, el("table", { class: "groups" }, el("thead", {}, el("tr", {}, ...heads.map((h, i) =>
		el("th", { scope: "col", class: i && i < 5 ? "number" : "" }, h)))), body));
	if (groups.length <= limit)
		return table;
	const more = el("button", { type: "button", click: () => {
		body.append(...groups.slice(limit).map((g) => groupRow(g, filter)));
		more.remove();
	} }, `Show all ${groups.length}`);
	return el("div", {}, table, more);
}

/* Groups by what `key` says of a finding; `known` gives those with a history their counts. */
function groupsOf(key, known) {
	const groups = new Map();
	const get = (name) => {
		if (!groups.has(name))
			groups.set(name, { name, list: [], added: 0, gone: 0, counts: null });
		return groups.get(name);
	};
	for (const k of known)
		Object.assign(get(k.name || k.id), { counts: k.counts, summary: k.summary });
	for (const f of findings) {
		const g = get(key(f));
		if (f.open)
			g.list.push(f);
		g.added += isNew(f) ? 1 : 0;
		g.gone += isClosed(f) ? 1 : 0;
	}
	for (const g of groups.values())
		g.count = g.counts ? g.counts[g.counts.length - 1] : g.list.length;
	return [...groups.values()].filter((g) => g.count || g.added || g.gone)
		.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function showTables() {
	fill("rules-table", groupTable("Rule", groupsOf((f) => f.rule, data.rules), (rule) => ({ rule })));
	const tables = [];
	if (data.has_authors)
		tables.push(groupTable("Author of the line", groupsOf((f) => f.author || "(gone)", []).filter((g) => g.count),
			(author) => ({ author })));
	else
		tables.push(el("p", { class: "hint" }, "By directory. ", el("code", {}, "cancelint report --authors"),
			" also says who last changed the line of each finding."));
	tables.push(groupTable("Directory", groupsOf((f) => f.directory, data.directories),
		(directory) => ({ path: directory === "." ? "" : directory + "/" })));
	fill("who-table", ...tables);
}

/* ---- ages ---- */

function showAges() {
	const counts = data.ages.map((_, i) => open.filter((f) => f.age === i).length);
	const most = Math.max(1, ...counts);
	const rows = data.ages.map((name, i) => {
		const bar = el("span", { class: "bar" });
		bar.style.width = `${(100 * counts[i]) / most}%`;
		return el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "number" }, String(counts[i])), el("td", { class: "bars" }, bar));
	});
	fill("ages-chart", el("table", { class: "ages" }, el("thead", { class: "unseen" }, el("tr", {}, ...["Open for", "findings", "as a bar"].map((h) =>
		el("th", { scope: "col" }, h)))), el("tbody", {}, ...rows)));
}
