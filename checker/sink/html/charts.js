/* The charts over the runs. Each has a table beside it that says the same. */

const runs = data.runs;
const MOST_RULES = 8;

function eventNumber(i) {
	let n = 0;
	for (let k = 0; k <= i; k++)
		n += runs[k].events.length ? 1 : 0;
	return n;
}

/* ---- what they have in common ---- */

function shadePartial(u) {
	const width = u.valToPos(1, "x", true) - u.valToPos(0, "x", true);
	u.ctx.save();
	u.ctx.fillStyle = colour("--shade");
	runs.forEach((run, i) => {
		if (run.partial || run.parts)
			u.ctx.fillRect(u.valToPos(i, "x", true) - width / 2, u.bbox.top, width, u.bbox.height);
	});
	u.ctx.restore();
}

function markEvents(u) {
	const scale = devicePixelRatio || 1;
	u.ctx.save();
	u.ctx.strokeStyle = u.ctx.fillStyle = colour("--event");
	u.ctx.lineWidth = scale;
	u.ctx.setLineDash([3 * scale, 3 * scale]);
	u.ctx.font = `600 ${11 * scale}px system-ui, sans-serif`;
	u.ctx.textAlign = "center";
	runs.forEach((run, i) => {
		if (!run.events.length)
			return;
		const x = Math.round(u.valToPos(i - 0.5, "x", true)) + 0.5;
		u.ctx.beginPath();
		u.ctx.moveTo(x, u.bbox.top);
		u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
		u.ctx.stroke();
		u.ctx.fillText(String(eventNumber(i)), x, u.bbox.top - 6 * scale);
	});
	u.ctx.restore();
}

/* The day, and in a series of runs of one day the time. */
function ticks(at)
{
	const days = at.map((i) => (runs[i] ? day(runs[i].at) : ""));
	return at.map(
	        (i, k) => (k && days[k] && days[k] === days[k - 1] ? minute(runs[i].at).slice(11) : days[k]));
}

function axes() {
	const text = colour("--dim"), grid = colour("--line");
	const common = { stroke: text, ticks: { stroke: grid, width: 1 }, font: "12px system-ui, sans-serif" };
	return [
		{
			...common,
			grid : {show : false},
			space : 80,
			incrs : [ 1, 2, 5, 10, 20, 50, 100 ],
			values : (_, at) => ticks(at)
		},
		{
			...common,
			grid : {stroke : grid, width : 1},
			size : 46,
			incrs : [ 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000 ],
			values : (_, at) => at.map((n) => Math.abs(n).toLocaleString("en"))
		},
	];
}

/* A chart with a line below that tells about the run under the pointer, or the one that the arrow keys chose. */
class RunChart {
	constructor(host, label, make, tell) {
		this.make = make;
		this.tell = tell;
		this.at = runs.length - 1;
		this.readout = el("p", { class: "readout", "aria-live": "polite" });
		this.plot = el("div", { class: "plot", tabindex: "0", role: "group", "aria-roledescription": "chart", "aria-label": label,
			keydown: (e) => this.key(e) });
		host.append(this.plot, this.readout);
		new ResizeObserver(() => this.resize()).observe(this.plot);
		this.draw();
	}

	draw() {
		if (this.u)
			this.u.destroy();
		const { series, values, bands } = this.make();
		this.u = new uPlot({
			width: Math.max(200, this.plot.clientWidth), height: 240, padding: [24, 8, 0, 0], legend: { show: false }, series, bands, axes: axes(),
			scales: { x: { time: false, range: () => [-0.5, runs.length - 0.5] }, y: { range: (_, low, high) => [Math.min(0, low), Math.max(1, high)] } },
			cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
			hooks: { drawClear: [shadePartial], draw: [markEvents], setCursor: [(u) => this.say(u.cursor.idx)] },
		}, [runs.map((_, i) => i), ...values], this.plot);
		this.say(this.at);
	}

	resize() {
		const width = Math.max(200, this.plot.clientWidth);
		if (width !== this.u.width)
			this.u.setSize({ width, height: 240 });
	}

	say(i) {
		if (i === null || i === undefined || !runs[i])
			return;
		this.at = i;
		this.readout.replaceChildren(...this.tell(runs[i], i));
	}

	key(e) {
		const last = runs.length - 1;
		const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last }[e.key];
		if (to === undefined)
			return;
		e.preventDefault();
		const i = Math.min(last, Math.max(0, to));
		this.u.setCursor({ left: this.u.valToPos(i, "x"), top: 10 });
		this.say(i);
	}
}

function bars(label, name, options) {
	return { label, fill: () => colour(name), stroke: () => colour(name), width: 0, points: { show: false },
		paths: uPlot.paths.bars({ size: [runs.length > 60 ? 1 : 0.75, 48] }), ...options };
}

function runTable(heads, rowOf) {
	return el("details", {}, el("summary", {}, "As a table"), el("div", { class: "scroll tall", tabindex: "0" }, el("table", {},
		el("thead", {}, el("tr", {}, ...heads.map((h, i) => el("th", { scope: "col", class: i ? "number" : "" }, h)))),
		el("tbody", {}, ...runs.map((run, i) => {
			const [first, ...rest] = rowOf(run, i);
			return el("tr", {}, el("th", { scope: "row" }, first), ...rest.map((c) => el("td", { class: "number" }, String(c))));
		}).reverse()))));
}

function notesOf(run) {
	const notes = [];
	if (run.stands > 1)
		notes.push(`with the ${run.stands - 1} before it`);
	if (run.partial)
		notes.push(run.stands > 1 ? `${run.partial} of them incomplete` : `${run.failed} of ${run.units} units not analysed`);
	if (run.parts)
		notes.push(run.stands > 1 ? `${run.parts} of them over a part of the project`
			                  : "over a part of the project");
	return [...notes, ...run.events].map((n) => `; ${n}`).join("");
}

/* ---- new and fixed ---- */

/* To the first run of a history everything is new, which says nothing and would dwarf the rest. */
const addedIn = (run, i) => (i ? run.added : 0);

function drawRuns() {
	return {
		series: [{}, bars("new", "--new"), bars("fixed", "--fixed"),
			{ label: "net", stroke: () => colour("--text"), width: 2, points: { show: runs.length < 60, size: 5, fill: colour("--text") } }],
		values: [runs.map(addedIn), runs.map((r) => -r.gone), runs.map((r, i) => addedIn(r, i) - r.gone)],
	};
}

function tellRun(run, i) {
	if (!i)
		return [el("strong", {}, runName(run)), `: the first run, ${run.total} open`, notesOf(run)];
	return [el("strong", {}, runName(run)), `: ${run.added} new, ${run.gone} fixed, net ${signed(run.added - run.gone)}, ${run.total} open`, notesOf(run)];
}

/* ---- by rule ---- */

function topRules() {
	const rules = [...data.rules].sort((a, b) => sum(b.counts) - sum(a.counts));
	const top = rules.slice(0, MOST_RULES);
	const rest = rules.slice(MOST_RULES);
	if (rest.length)
		top.push({ id: `${rest.length} other rules`, counts: runs.map((_, i) => sum(rest.map((r) => r.counts[i]))), other: true });
	return top;
}

const ruleColour = (rule, i) => (rule.other ? "--rule-other" : `--rule-${i}`);

/* The bars of a stack lie behind one another, the highest first. */
function drawOutstanding() {
	const rules = topRules();
	const stacked = rules.map((_, k) => runs.map((_run, i) => sum(rules.slice(0, k + 1).map((r) => r.counts[i]))));
	const order = rules.map((_, k) => rules.length - 1 - k);
	return { series: [{}, ...order.map((k) => bars(rules[k].id, ruleColour(rules[k], k)))], values: order.map((k) => stacked[k]) };
}

function tellOutstanding(run, i) {
	const parts = topRules().filter((r) => r.counts[i]).sort((a, b) => b.counts[i] - a.counts[i]).map((r) => `${r.id} ${r.counts[i]}`);
	return [el("strong", {}, runName(run)), `: ${run.total} open${parts.length ? ": " + parts.join(", ") : ""}`, notesOf(run)];
}

function ruleLegend() {
	return el("ul", { class: "legend" }, ...topRules().map((r, i) => {
		const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
		swatch.style.background = `var(${ruleColour(r, i)})`;
		return el("li", {}, swatch, r.id);
	}));
}

function listEvents() {
	fill("events", ...runs.filter((r) => r.events.length).map((r) => el("li", {}, `${day(r.at)}, run ${r.run}: ${r.events.join("; ")}`)));
}

const charts = [];

function showCharts() {
	const drawable = typeof uPlot !== "undefined";
	if (runs.length < data.all_runs)
		fill("runs-thinned", `Of ${data.all_runs} runs ${runs.length} are drawn; each stands for those before it as well.`);
	if (runs.length < 2)
		byId("runs").hidden = true;
	if (drawable) {
		if (runs.length > 1)
			charts.push(new RunChart(byId("runs-chart"), "New and fixed findings per run; arrow keys choose a run", drawRuns, tellRun));
		byId("outstanding-chart").append(ruleLegend());
		charts.push(new RunChart(byId("outstanding-chart"), "Open findings by rule per run; arrow keys choose a run", drawOutstanding, tellOutstanding));
	}
	const tables = [runTable(["Run", "new", "fixed", "net", "open", "units failed"], (r) =>
		[runName(r), r.added, r.gone, signed(r.added - r.gone), r.total, r.failed]),
	runTable(["Run", ...topRules().map((r) => r.id)], (r, i) => [runName(r), ...topRules().map((t) => t.counts[i])])];
	byId("runs-chart").append(tables[0]);
	byId("outstanding-chart").append(tables[1]);
	tables.forEach((t) => { t.open = !drawable; });
	listEvents();
}
