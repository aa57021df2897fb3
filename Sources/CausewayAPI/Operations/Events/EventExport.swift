import CausewayJSON
import CausewayModel
import CausewayStore

/// The filtered log as a file, the newest events first: a table with a line for each changed field, or a JSON object a line for each
/// event. It is read page by page.
struct EventExport: CSVExport {
    enum Form: Sendable {
        case table, lines
    }

    let filter: EventLogFilter
    let form: Form
    private var place: Int64?
    private var hasBegun = false
    private var hasEnded = false

    private static let columns = [
        "time", "action", "user", "via", "client_ip", "object_type", "object_key", "object_name", "provider", "field",
        "old",
        "new", "added", "removed", "message",
    ]
    private static let pageSize = 500

    init(filter: EventLogFilter, form: Form) { (self.filter, self.form) = (filter, form) }

    mutating func next(in transaction: Transaction) throws -> String? {
        if !hasBegun, form == .table {
            hasBegun = true
            return CSVText.line(Self.columns)
        }
        // A page without events can have a next one, and a part without bytes would look like the end of the file.
        while !hasEnded {
            let page = try transaction.eventLog(filter, before: place, limit: Self.pageSize)
            (place, hasEnded) = (page.next, page.next == nil)
            if !page.events.isEmpty { return page.events.map { text(of: $0) }.joined() }
        }
        return nil
    }

    private func text(of event: Event) -> String {
        let json = EventLogAnswer.json(event)
        guard form == .table else { return json.text + "\n" }
        let object = json["object"]
        let about = [
            json["created"], json["action"], json["user"], json["channel"], json["client_ip"], object?["model_name"],
            object?["pk"], object?["name"], json["provider"],
        ].map(Self.cell)
        let changes = json["changes"]?.array ?? []
        let message = Self.cell(json["message"])
        guard !changes.isEmpty else { return CSVText.line(about + ["", "", "", "", "", message]) }
        return changes.map { CSVText.line(about + Self.cells(of: $0) + [message]) }.joined()
    }

    private static func cells(of change: JSONValue) -> [String] {
        let field = cell(change["field"])
        if change["kind"] == "secret" { return [field, "********", "********", "", ""] }
        func value(_ part: String) -> String { change["\(part)_name"]?.string ?? cell(change[part]) }
        func names(_ part: String) -> String {
            ListText.joined((change[part]?.array ?? []).map { $0["name"]?.string ?? cell($0["pk"]) })
        }
        return [field, value("old"), value("new"), names("added"), names("removed")]
    }

    private static func cell(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "" }
        return value.string ?? value.text
    }
}
