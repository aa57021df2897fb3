import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Testing

@Suite("Changes of fields")
struct FieldChangeTests {
    @Test("a change of any field of any record is found, with both values, and read back from an event")
    func everyField() {
        Self.check(UserProfile(username: "ada"))
        Self.check(GroupProfile(name: "staff"))
        Self.check(Application(name: "Entra", slug: "entra"))
        Self.check(PropertyMapping(name: "mail", expression: "return {}"))
        Self.check(ProviderSettings(name: "Entra", clientID: "c", tenantID: "t"))
    }

    private static func check<Record: FieldRecord>(_ before: Record) {
        #expect(before.changes(since: before).isEmpty)
        var count = 0
        for field in Record.fields {
            guard let after = before.changed(field) else { continue }
            let changes = after.changes(since: before)
            #expect(changes.count == 1, "\(field.name)")
            let name = field.name == "attributes" ? "attributes.floor" : field.name
            #expect(changes.first?.field == name)
            switch (changes.first?.content, field.kind) {
            case (.secret, .sealed): break
            case (.value(let old, let new), .attributes): #expect(old.isNull && new == "third")
            case (.value(let old, let new), _): #expect(old == field.value(before) && new == field.value(after))
            default: Issue.record("\(field.name): \(changes)")
            }
            #expect(FieldChange.changes(in: ["diff": FieldChange.diff(changes)]) == changes)
            count += 1
        }
        #expect(count > 0)
    }

    @Test("a secret is neither in the change nor in the event")
    func secrets() {
        let before = ProviderSettings(name: "Entra", clientID: "c", tenantID: "t")
        var after = before
        after.httpProxy = Secret("http://user:the-secret@proxy.example.com:3128")
        let changes = after.changes(since: before)
        #expect(changes == [FieldChange("http_proxy", .secret)])
        let text = FieldChange.diff(changes).text
        #expect(!text.contains("the-secret") && !text.contains("proxy.example.com"))
    }

    @Test("references are compared as sets: what was added, and what was removed")
    func references() {
        let mappings = (0..<3).map { _ in MappingID.random() }
        var before = ProviderSettings(name: "Entra", clientID: "c", tenantID: "t")
        before.userMappings = [mappings[0], mappings[1]]
        var after = before
        after.userMappings = [mappings[1], mappings[0]]
        #expect(after.changes(since: before).isEmpty)
        after.userMappings = [mappings[1], mappings[2]]
        let added = FieldChange.Keys([.string(mappings[2].text)])
        let removed = FieldChange.Keys([.string(mappings[0].text)])
        #expect(
            after.changes(since: before) == [FieldChange("property_mappings", .list(added: added, removed: removed))]
        )
    }

    @Test("a long list keeps some keys and its count; a long text is cut")
    func long() throws {
        let keys = (0..<1000).map { JSONValue.integer($0) }
        let change = try #require(FieldChange("users", added: keys))
        let event = Event(
            .updated,
            about: EventObject(app: "authentik_core", type: "group", key: "1", name: "staff"),
            [change],
            by: EventOrigin(actor: "root", channel: .api),
            at: Timestamp(milliseconds: 0)
        )
        #expect(event.changes == [change])
        guard case .list(let added, let removed) = event.changes.first?.content else {
            Issue.record("\(event.changes)")
            return
        }
        #expect(added.count == 1000 && added.kept == Array(keys.prefix(FieldChange.Keys.limit)) && removed.isEmpty)
        let text = try #require(FieldChange("expression", from: "", to: .string(String(repeating: "x", count: 90_000))))
        guard case .value(_, let new) = text.content else { return }
        #expect(try #require(new.string).count == 50_001)
    }

    @Test("the actions of events are in one table, each once, and each in an area")
    func kinds() {
        #expect(EventKind.area(of: "custom_run_canceled") == .runs)
        #expect(EventKind.area(of: "model_updated") == .changes)
        #expect(EventKind.area(of: "custom_of_a_mapping") == .runs)
    }
}
