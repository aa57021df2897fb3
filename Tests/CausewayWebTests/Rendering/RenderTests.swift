import CausewayJSON
import CausewayModel
import Foundation
import Testing

@testable import CausewayWeb

@Suite("Pages without a browser")
struct RenderTests {
    private let texts: Texts
    private let renderer: PageRenderer

    init() async throws {
        texts = try Texts(.built, .english)
        renderer = try await PageRenderer(.built, [texts])
    }

    private func html(_ page: some PageModel, role: String? = "administrator", _ texts: Texts? = nil) throws -> String {
        let session = role.map { PageSession(username: "ada", role: $0, csrfToken: "token-of-ada") }
        let shown = PageContext(
            address: "/if/admin/x/",
            query: "",
            done: nil,
            session: session,
            theme: .dark,
            viewer: Viewer(texts: texts ?? self.texts, zone: .gmt)
        )
        return try renderer.render(PageContent(page, title: "A title <b>", place: "providers"), shown)
    }

    /// The page of a run from an answer of the API.
    private func runPage(
        status: String,
        message: String = "",
        trimmed: JSONValue = nil,
        changes: [ShownChange] = []
    ) throws -> RunPage {
        let run: RunView = try AnswerDecoder.decode(from: [
            "pk": "r-1", "provider": 1, "trigger": "manual", "status": .string(status), "is_final": true,
            "is_first_sync": false, "message": .string(message), "examined_users": 3, "examined_groups": 1,
            "started": "2026-11-29T10:00:00Z", "finished": nil, "trimmed": trimmed,
            "counts": [
                ["action": "create", "kind": "user", "outcome": "applied", "count": 1200],
                ["action": "delete", "kind": "user", "outcome": "failed", "count": 1],
            ],
        ])
        let action: ActionView = try AnswerDecoder.decode(from: [
            "action": "delete", "kind": "user", "name": "<script>", "object": "12", "reason": "left_scope",
            "detail": "", "destructive": true, "outcome": "failed", "message": "Entra refused it.", "remedy": "",
            "changes": [["attribute": "city", "old": nil, "new": "Oslo"]],
        ])
        return RunPage(
            run: ShownRun(run, texts),
            approval: nil,
            live: nil,
            counts: run.counts.map { .init(words: $0.action, outcome: $0.outcome, count: texts.number($0.count)) },
            actions: [ActionRow(action, texts)],
            hasActions: true,
            pages: Paging(count: "", previous: nil, next: nil),
            outcomes: [],
            isWaiting: status == "awaiting_approval",
            isShownPlan: false,
            isDryRunPlan: false,
            edit: Address.provider(1).edit,
            base: "/if/admin/runs/r-1/",
            empty: "",
            nothing: "",
            isFiltered: false,
            outcome: nil,
            search: "",
            actionsToChoose: []
        )
    }

    @Test("a run that has lost old actions says so, and others do not")
    func trimmedRun() throws {
        let sentence = "Actions of this run are deleted because they are old"
        let trimmed = try html(runPage(status: "succeeded", trimmed: "2026-11-30T10:00:00Z"))
        #expect(trimmed.contains(sentence) && trimmed.contains("2026-11-30T10:00:00"))
        #expect(try !html(runPage(status: "succeeded")).contains(sentence))
    }

    @Test("the event of deleted records counts them in words, without what is 0")
    func trimmedRecords() throws {
        let event: EventEntry = try AnswerDecoder.decode(from: [
            "pk": "e-1", "action": "custom_trimmed", "app": "causeway.store", "user": "causeway", "client_ip": nil,
            "created": "2026-11-30T10:00:00Z", "object": nil, "provider": nil, "run": nil, "message": "",
            "channel": nil, "token": nil, "system_user": nil, "changes": [], "details": [:],
            "context": ["runs": 1, "actions": 1200, "drifts": 0, "events": 3, "journal_entries": 0],
        ])
        #expect(
            EventWords(texts: texts).sentence(event) == "Deleted old records: 1 run, 1,200 actions, 3 events"
        )
        let german = EventWords(texts: try Texts(.built, .german))
        #expect(german.sentence(event) == "Alte Einträge gelöscht: 1 Lauf, 1.200 Aktionen, 3 Ereignisse")
    }

    @Test("a run shows its actions with old and new values, and escapes values from outside")
    func run() throws {
        let html = try html(try runPage(status: "warning"))
        #expect(html.contains("<title>A title &lt;b&gt; – Causeway</title>"))
        #expect(html.contains("1,200") && html.contains("Entra refused it."))
        #expect(html.contains("<a href=\"/if/admin/users/12/\"><bdi>&lt;script&gt;</bdi></a>"))
        #expect(html.contains("<span class=\"nothing\">none</span>") && html.contains("<ins>Oslo</ins>"))
        #expect(!html.contains("<del>"))
        #expect(!html.contains("<script>") && !html.contains("approve/"))
    }

    @Test("a message is in the viewer's language, with its values escaped; what someone else says stays as it is")
    func messages() async throws {
        let german = try Texts(.built, .german)
        let page = try runPage(status: "canceled", message: "Canceled by <b>ada</b>. This run sends nothing.")
        #expect(try html(page).contains("Canceled by &lt;b&gt;ada&lt;/b&gt;. This run sends nothing."))
        let html = try html(page, german)
        #expect(html.contains("Abgebrochen von &lt;b&gt;ada&lt;/b&gt;. Dieser Lauf sendet nichts."))
        #expect(html.contains("<span lang=\"en\">Entra refused it.</span>") && !html.contains("Canceled by"))
    }

    @Test("only operators see the decisions on a run that waits")
    func decision() throws {
        let page = try runPage(status: "awaiting_approval")
        #expect(try html(page, role: "operator").contains("href=\"/if/admin/runs/r-1/approve/\""))
        #expect(try !html(page, role: "auditor").contains("approve/"))
    }

    @Test("a confirmation keeps the values of its form, and links back")
    func confirmation() throws {
        let page = ConfirmPage(
            question: "Delete?",
            consequence: "It goes.",
            uses: ["One", "Two & three"],
            isUsed: true,
            submit: "Delete",
            cancel: .user(7),
            action: "/if/admin/users/bulk/delete/",
            hidden: [HiddenField(name: "chosen", value: "7")]
        )
        let html = try html(page)
        #expect(html.contains("<li><bdi>Two &amp; three</bdi></li>"))
        #expect(html.contains("<a class=\"button\" href=\"/if/admin/users/7/\">"))
        #expect(html.contains("<input type=\"hidden\" name=\"chosen\" value=\"7\">"))
        #expect(html.contains("<input type=\"hidden\" name=\"_token\" value=\"token-of-ada\">"))
        #expect(html.contains("class=\"danger\"") && !html.contains("class=\"primary\""))
    }

    @Test("the sign-in page shows nothing of the interface behind it")
    func signIn() throws {
        let html = try html(SignInPage(next: "", username: "ada\"", problem: "Wrong."), role: nil)
        #expect(html.contains("value=\"ada&quot;\"") && html.contains("Wrong."))
        #expect(html.contains("data-theme=\"dark\"") && !html.contains("<nav"))
    }

    @Test("a nil or empty member counts as false, and hides a member of the same name in an outer context")
    func absence() throws {
        struct Inner: TemplateValue {
            var address: String?
            var name = ""
        }
        struct Part: TemplatePart {
            let shared = "of the part"
            let other = 1
        }
        struct Outer: TemplateValue {
            let address = "outside"
            let inner = Inner()
            let part = Part()
            let shared = "own"
            let isURLPart = true
        }
        let viewer = Viewer(texts: texts, zone: .gmt)
        let members = Outer().templateMembers(for: viewer)
        #expect(Set(members.keys) == ["address", "inner", "shared", "other", "is_urlpart"])
        #expect(members["shared"] as? String == "own" && members["other"] as? Int == 1)
        let inner = try #require(members["inner"] as? [String: any Sendable])
        #expect(Set(inner.keys) == ["address", "name"] && inner["name"] as? String == nil)
        #expect(Inner().presentMembers(for: viewer).isEmpty)
    }
}
