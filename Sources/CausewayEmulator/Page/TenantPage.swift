/// The tenant's read-only page: what arrived, what was asked, and how close to its limits the tenant is. One document, so that
/// nothing has to be found beside the program.
enum TenantPage {
    static func html(tenant: TenantSettings) -> String {
        let base = "/_control/tenants/\(tenant.id)"
        return document(
            name: escaped(tenant.name),
            domain: escaped(VerifiedDomains(tenant).standard),
            base: escaped(base)
        )
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static func document(name: String, domain: String, base: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(name) (emulated tenant)</title>
        <link rel="icon" href="data:,">
        <style>\(style)</style>
        </head>
        <body data-base="\(base)">
        <header>
          <h1>\(name)</h1>
          <p>Emulated tenant of <strong>\(domain)</strong>. This page only looks; Graph is at <code>/v1.0</code>.</p>
        </header>
        <main>
          <section aria-labelledby="now-heading">
            <h2 id="now-heading">Now</h2>
            <dl id="figures"></dl>
            <figure>
              <svg id="chart" viewBox="0 0 600 120" preserveAspectRatio="none" role="img" aria-labelledby="chart-caption"></svg>
              <figcaption id="chart-caption">Changes per second over the last two minutes</figcaption>
            </figure>
            <div id="gauges"></div>
          </section>
          <section aria-labelledby="objects-heading">
            <h2 id="objects-heading">Directory</h2>
            <nav aria-label="Lists">
              <button type="button" data-list="users" aria-pressed="true">Users</button>
              <button type="button" data-list="groups" aria-pressed="false">Groups</button>
              <button type="button" data-list="deleted" aria-pressed="false">Recycle bin</button>
              <label>Search <input id="search" type="search" autocomplete="off"></label>
            </nav>
            <div class="wide"><table><thead id="head"></thead><tbody id="rows"></tbody></table></div>
            <p><button type="button" id="first" disabled>First page</button> <button type="button" id="next" disabled>Next page</button></p>
            <div id="object" hidden></div>
          </section>
          <section aria-labelledby="requests-heading">
            <h2 id="requests-heading">Latest requests</h2>
            <div class="wide"><table><thead><tr><th>Time</th><th>Request</th><th>Status</th><th>Units</th></tr></thead><tbody id="requests"></tbody></table></div>
          </section>
        </main>
        <noscript>This page needs JavaScript; the same facts are at <code>\(base)/state</code> and <code>\(base)/requests</code>.</noscript>
        <script>\(script)</script>
        </body>
        </html>
        """
    }

    private static let style = """
        :root { color-scheme: light dark; --line: #8886; --accent: #0b6bcb; --bad: #c62828; }
        @media (prefers-color-scheme: dark) { :root { --accent: #6cb3f7; --bad: #ff8a80; } }
        * { box-sizing: border-box; }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; }
        h1 { margin: 0; font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
        dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem; margin: 0; }
        dl div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
        dt { font-size: .85rem; } dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
        figure { margin: 1rem 0; } svg { width: 100%; height: 120px; border: 1px solid var(--line); border-radius: .5rem; }
        svg rect { fill: var(--accent); }
        figcaption { font-size: .85rem; }
        .gauge { display: grid; grid-template-columns: minmax(10rem, 22rem) 1fr 4rem; gap: .75rem; align-items: center; margin: .25rem 0; }
        .gauge span { overflow-wrap: anywhere; } meter { width: 100%; height: 1rem; }
        table { border-collapse: collapse; width: 100%; } .wide { overflow-x: auto; }
        th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        nav { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-bottom: .5rem; }
        button, input { font: inherit; padding: .35rem .75rem; border: 1px solid var(--line); border-radius: .4rem; background: transparent; color: inherit; }
        button[aria-pressed="true"] { background: var(--accent); color: Canvas; border-color: var(--accent); }
        button.link { border: 0; padding: 0; color: var(--accent); text-decoration: underline; cursor: pointer; text-align: left; }
        #object { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; margin-top: 1rem; }
        .bad { color: var(--bad); font-weight: 600; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        """

    private static let script = """
        "use strict";
        const base = document.body.dataset.base;
        const by = id => document.getElementById(id);
        const made = (tag, text, attributes = {}) => {
          const node = document.createElement(tag);
          if (text !== undefined && text !== null) node.textContent = text;
          for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
          return node;
        };
        const fetched = async path => (await fetch(base + "/" + path)).json();
        let list = "users", start = 0, next = null;

        function showFigures(page) {
          const counts = page.counts, figures = {
            "Users": page.state.users, "Groups": page.state.groups, "Memberships": page.state.memberships,
            "In the recycle bin": page.state.deleted, "Requests": counts.requests, "Changes": counts.changes,
            "Throttled": counts.throttled, "Faults": Object.values(page.faults).reduce((sum, count) => sum + count, 0)
          };
          by("figures").replaceChildren(...Object.entries(figures).map(([name, value]) => {
            const box = made("div");
            box.append(made("dt", name), made("dd", value.toLocaleString("en")));
            return box;
          }));
        }

        function showChart(values) {
          const top = Math.max(...values, 1), width = 600 / values.length;
          by("chart").replaceChildren(...values.map((value, place) => {
            const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
            const height = 118 * value / top;
            for (const [name, number] of Object.entries({ x: place * width, y: 119 - height, width: width * 0.8, height }))
              bar.setAttribute(name, number);
            return bar;
          }));
          by("chart-caption").textContent =
            `Changes per second over the last two minutes: ${values.at(-1)} now, ${Math.max(...values)} at most`;
        }

        function showGauges(page) {
          const names = Object.keys(page.gauges).sort();
          const note = made("p", page.throttling ? "Limits, and how much of each is used:" : "Throttling is off.");
          by("gauges").replaceChildren(note, ...(page.throttling ? names : []).map(name => {
            const gauge = page.gauges[name], used = Math.round(gauge.used * 100), box = made("div", null, { class: "gauge" });
            const label = name.replace(/\\/$/, "");
            box.append(made("span", label),
              made("meter", null, { min: 0, max: 100, high: 80, value: Math.min(used, 100), "aria-label": label }), made("span", used + " %"));
            return box;
          }));
        }

        function showRequests(latest) {
          by("requests").replaceChildren(...latest.slice(0, 25).map(item => {
            const row = made("tr");
            const status = item.status === 0 ? "dropped" : item.status;
            row.append(made("td", item.time.slice(11, 19)), made("td", item.call),
              made("td", status, item.status === 0 || item.status >= 400 ? { class: "bad" } : {}), made("td", item.units));
            return row;
          }));
        }

        async function showList() {
          const search = encodeURIComponent(by("search").value);
          const page = await fetched(`browse/${list}?start=${start}&search=${search}`);
          next = page.next;
          const columns = list === "groups" ? ["Name", "Members"] : list === "users" ? ["Name", "User name", "Enabled"] : ["Name", "Kind", "Deleted"];
          const head = made("tr");
          head.append(...columns.map(name => made("th", name, { scope: "col" })));
          by("head").replaceChildren(head);
          by("rows").replaceChildren(...page.value.map(item => {
            const row = made("tr"), cell = made("td"), open = made("button", item.displayName || item.id, { type: "button", class: "link" });
            open.addEventListener("click", () => showObject(item.id));
            cell.append(open);
            row.append(cell);
            const others = list === "groups" ? [item.members] : list === "users" ? [item.userPrincipalName, item.accountEnabled ? "yes" : "no"] : [item.kind, item.deleted];
            row.append(...others.map(value => made("td", value)));
            return row;
          }));
          if (page.value.length === 0) {
            const row = made("tr");
            row.append(made("td", "Nothing here.", { colspan: columns.length }));
            by("rows").append(row);
          }
          by("first").disabled = start === 0;
          by("next").disabled = next === null;
        }

        async function showObject(id) {
          const item = await fetched("browse/object/" + id), box = by("object");
          const name = item.properties.displayName || id, parts = [made("h3", name)], table = made("table");
          for (const [key, value] of Object.entries(item.properties).sort()) {
            const row = made("tr");
            row.append(made("th", key, { scope: "row" }), made("td", typeof value === "object" ? JSON.stringify(value) : String(value)));
            table.append(row);
          }
          parts.push(table);
          for (const [title, key] of [["Members", "members"], ["Owners", "owners"], ["Manager", "manager"], ["Member of", "memberOf"]]) {
            if (item[key].length === 0) continue;
            const count = key === "members" && item.memberCount > item[key].length ? ` (the first ${item[key].length} of ${item.memberCount})` : "";
            const entries = made("ul");
            for (const other of item[key]) {
              const entry = made("li"), open = made("button", other.displayName || other.id, { type: "button", class: "link" });
              open.addEventListener("click", () => showObject(other.id));
              entry.append(open);
              entries.append(entry);
            }
            parts.push(made("h4", title + count), entries);
          }
          box.replaceChildren(...parts);
          box.hidden = false;
          box.scrollIntoView({ block: "nearest" });
        }

        async function refresh() {
          try {
            const page = await fetched("page");
            showFigures(page); showChart(page.changes_per_second); showGauges(page); showRequests(page.latest);
          } catch { by("chart-caption").textContent = "The tenant does not answer; it may have been stopped."; }
          setTimeout(refresh, 1000);
        }

        for (const button of document.querySelectorAll("[data-list]")) button.addEventListener("click", () => {
          list = button.dataset.list; start = 0;
          for (const other of document.querySelectorAll("[data-list]")) other.setAttribute("aria-pressed", String(other === button));
          showList();
        });
        by("search").addEventListener("input", () => { start = 0; showList(); });
        by("first").addEventListener("click", () => { start = 0; showList(); });
        by("next").addEventListener("click", () => { start = next; showList(); });
        showList(); refresh();
        setInterval(() => { if (start === 0 && by("search").value === "") showList(); }, 3000);
        """
}
