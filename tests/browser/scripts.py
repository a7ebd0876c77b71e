"""What the tests ask of a page in the page's own language."""

from __future__ import annotations

UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
# What sticks out is named; what scrolls inside a frame of its own may.
STICKING_OUT = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')]
        .filter(one => one.getBoundingClientRect().right > width + 1)
        .filter(one => !one.closest('.table-frame'))
        .map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 60)}`)
        .slice(0, 4);
}"""
BROKEN_RULES = """async (runOnly) => {
    const found = await axe.run(document, {runOnly, resultTypes: ['violations']});
    return found.violations.map(one =>
        `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(' | ')}`);
}"""

FOCUS_IS_SEEN = """() => {
    const one = document.activeElement;
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const ring = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none';
    const shadow = style.boxShadow !== 'none';
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return (ring || shadow) && (one.contains(top) || top.contains(one));
}"""
