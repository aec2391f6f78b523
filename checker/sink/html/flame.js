/* Where findings concentrate: directories, files, functions and calls, each as wide as it has findings. */

const flame = { path: [] };

function framesOf(f) {
	const parts = f.file.split("/").filter(Boolean);
	const frames = parts.map((name, i) => ({ kind: i < parts.length - 1 ? "directory" : "file", name }));
	for (const [i, name] of (f.calls || [f.function || "(file scope)"]).entries())
		frames.push({ kind: i ? "call" : "function", name });
	return frames;
}

function frameTree() {
	const root = { name: "everything", kind: "root", count: 0, children: new Map() };
	for (const f of open) {
		let node = root;
		node.count++;
		for (const { kind, name } of framesOf(f)) {
			const key = `${kind}:${name}`;
			if (!node.children.has(key))
				node.children.set(key, { name, kind, key, count: 0, children: new Map() });
			node = node.children.get(key);
			node.count++;
		}
	}
	return root;
}

const tree = frameTree();

function nodeAt(path) {
	return path.reduce((node, key) => node.children.get(key), tree);
}

/* What the list below is restricted to by a part of the picture. */
function filterOf(path) {
	const nodes = path.map((_, i) => nodeAt(path.slice(0, i + 1)));
	const files = nodes.filter((n) => n.kind === "directory" || n.kind === "file");
	const calls = nodes.filter((n) => n.kind === "function" || n.kind === "call");
	const inFile = files.length && files[files.length - 1].kind === "file";
	return { state: "open", path: files.map((n) => n.name).join("/") + (files.length && !inFile ? "/" : ""),
		calls: calls.map((n) => n.name).join(" > ") };
}

function layOut(node, path, left, width, row, out) {
	const children = [...node.children.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
	for (const child of children) {
		const w = (width * child.count) / node.count;
		if (w >= 0.2) {
			out.push({ node: child, path: [...path, child.key], left, width: w, row });
			layOut(child, [...path, child.key], left, w, row + 1, out);
		}
		left += w;
	}
}

function frameButton(box, focusable) {
	const { node } = box;
	const b = el("button", {
		type : "button",
		class : `frame ${node.kind}`,
		tabindex : focusable ? "0" : "-1",
		title : `${node.name}: ${plural(node.count, "finding")}`,
		"aria-label" : `${node.kind} ${node.name}, ${plural(node.count, "finding")}`,
		click : () => enterFrame(box.path),
		keydown : (e) => moveInFlame(e, box)
	},
		     el("span", {class : "name"}, node.name),
		     el("span", {class : "count"}, String(node.count)));
	b.style.left = `${box.left}%`;
	b.style.width = `calc(${box.width}% - 1px)`;
	b.style.top = `${box.row * 1.7}rem`;
	box.button = b;
	return b;
}

function drawFlame() {
	const node = nodeAt(flame.path);
	flame.boxes = [];
	layOut(node, flame.path, 0, 100, 0, flame.boxes);
	const rows = Math.max(1, ...flame.boxes.map((b) => b.row + 1));
	const host = byId("flame");
	host.style.height = `${rows * 1.7}rem`;
	host.replaceChildren(...flame.boxes.map((box, i) => frameButton(box, i === 0)));
	const crumbs = [el("button", { type: "button", class: "link", click: () => enterFrame([]) }, `everything (${tree.count})`)];
	flame.path.forEach((key, i) => crumbs.push(" \u203a ", el("button", { type: "button", class: "link",
		click: () => enterFrame(flame.path.slice(0, i + 1)) }, nodeAt(flame.path.slice(0, i + 1)).name)));
	fill("flame-path", ...crumbs.map((c) => (typeof c === "string" ? document.createTextNode(c) : c)));
}

function enterFrame(path) {
	flame.path = path;
	drawFlame();
	setFilters({ ...emptyFilters, ...filterOf(path) });
	const first = flame.boxes[0];
	(first ? first.button : byId("flame-path").lastElementChild).focus({ preventScroll: true });
}

function moveInFlame(e, box) {
	const near = (row) => flame.boxes.filter((b) => b.row === row);
	const line = near(box.row);
	const inside = (outer, b) => b.left >= outer.left - 0.001 && b.left < outer.left + outer.width;
	const to = {
		ArrowRight: () => line[line.indexOf(box) + 1],
		ArrowLeft: () => line[line.indexOf(box) - 1],
		ArrowDown: () => near(box.row + 1).find((b) => inside(box, b)),
		ArrowUp: () => near(box.row - 1).find((b) => inside(b, box)),
		Escape: () => { enterFrame(flame.path.slice(0, -1)); },
	}[e.key];
	if (!to)
		return;
	e.preventDefault();
	const next = to();
	if (!next)
		return;
	box.button.tabIndex = -1;
	next.button.tabIndex = 0;
	next.button.focus();
}
