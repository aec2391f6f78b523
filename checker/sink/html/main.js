/* Which part is shown, in which colours. */

function showOverview() {
	document.title = `${data.project}: cancelint report`;
	byId("page").hidden = true;
	byId("overview").hidden = false;
	byId("sections").hidden = false;
	charts.forEach((c) => c.resize());
}

function route() {
	const id = location.hash.startsWith("#finding-") ? location.hash.slice(9) : "";
	const f = findingById.get(id);
	if (!f) {
		const wasPage = !byId("page").hidden;
		showOverview();
		const target = wasPage && location.hash.length > 1 ? byId(location.hash.slice(1)) : null;
		if (target)
			target.scrollIntoView();
		return;
	}
	byId("overview").hidden = true;
	byId("sections").hidden = true;
	byId("page").hidden = false;
	showFinding(f);
}

function setTheme() {
	const chosen = byId("theme").value;
	if (chosen)
		document.documentElement.dataset.theme = chosen;
	else
		delete document.documentElement.dataset.theme;
	charts.forEach((c) => c.draw());
}

function showAbout() {
	const paged = findings.filter((f) => f.steps).length;
	const says = [`Written by cancelint ${data.version} from its database; nothing in this file loads anything from elsewhere.`,
		runs.length < data.all_runs ? `The charts draw ${runs.length} of ${data.all_runs} runs.` : "",
		`${plural(paged, "finding")} of ${findings.length} listed ${paged === 1 ? "has" : "have"} a page with steps.`,
		data.left_out ? `${plural(data.left_out, "open finding")} of longest standing ${data.left_out === 1 ? "is" : "are"} counted, but not listed.` : "",
		data.has_sources ? "Source lines are those of the day of the report; where one has changed since the run, it is said." :
			"The sources were not there when the report was written, so it shows none of their lines.",
		"Dates are in UTC."];
	fill("about", el("p", {}, says.filter(Boolean).join(" ")));
}

function keys(e) {
	const typing = e.target instanceof Element && e.target.closest("input, select, textarea");
	if (typing || e.ctrlKey || e.metaKey || e.altKey || byId("page").hidden)
		return;
	if (e.key === "n" || e.key === "j")
		goToStep(currentStep + 1);
	else if (e.key === "p" || e.key === "k")
		goToStep(currentStep < 0 ? -1 : currentStep - 1);
	else if (e.key === "Escape")
		location.hash = "#findings";
}

if (runs.length < 2)
	document.querySelector('#sections a[href="#runs"]').remove();
fill("project", data.project);
fill("about-run", `After ${runName(data.head)}`);
byId("overview").hidden = false;
showGate();
showReasons();
showCharts();
showTables();
showAges();
makeFilters();
drawFlame();
drawList();
showAbout();
byId("theme").addEventListener("change", setTheme);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", setTheme);
addEventListener("hashchange", route);
document.addEventListener("keydown", keys);
route();
