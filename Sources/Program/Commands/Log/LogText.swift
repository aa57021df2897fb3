import CausewayJSON
import CausewayModel

/// An event of the log as text, from the API's answer. Pure.
struct LogText {
    let event: JSONValue

    /// The types of objects, as people and as the API call them.
    static let types: [(word: String, name: String)] = [
        ("user", "user"), ("group", "group"), ("application", "application"), ("provider", "microsoftentraprovider"),
        ("mapping", "microsoftentraprovidermapping"), ("token", "token"), ("schedule", "schedule"),
        ("node", "node"),
    ]

    static var table: Table {
        Table(("Time", .left), ("Who", .left), ("What", .left), ("Object", .left), ("Message", .sentence))
    }

    func add(to table: inout Table) { table.add(time, who, what, object, message) }

    /// The event, and a line for each changed field.
    func lines(for terminal: Terminal) -> [String] {
        let head = ["\(time)  \(who)", what, object].filter { !$0.isEmpty }.joined(separator: "  ")
        let changes = (event["changes"]?.array ?? []).map { "    \(Self.line(for: $0, terminal))" }
        return [terminal.paint(head, .bold)] + (message.isEmpty ? [] : ["    \(message)"]) + changes
    }

    private func text(_ name: String) -> String { event[name]?.string ?? "" }

    /// To the millisecond, as in all other output.
    private var time: String {
        let time = text("created")
        return time.hasSuffix("000Z") ? String(time.dropLast(4)) + "Z" : time
    }

    private var message: String { text("message") }

    /// The person, and the way: `ada (interface, 192.0.2.7)`, `command line (root)`, `ada (API with token backup, 192.0.2.7)`.
    private var who: String {
        let token = text("token")
        let channel =
            switch text("channel") {
            case "api": token.isEmpty ? "API" : "API with token \(token)"
            case "interface": "interface"
            case "command_line": text("user") == "command line" ? "" : "command line"
            default: ""
            }
        let way = [channel, text("system_user"), text("client_ip")].filter { !$0.isEmpty }
        return way.isEmpty ? text("user") : "\(text("user")) (\(way.joined(separator: ", ")))"
    }

    private var what: String {
        switch EventKind(rawValue: text("action")) {
        case .created: "created"
        case .updated: "changed"
        case .deleted: "deleted"
        case .imported: "imported"
        case .runRequested: "asked for a run"
        case .runFailed: "run failed"
        case .mappingFailed: "mapping failed"
        default: text("action").replacing("custom_", with: "").replacing("_", with: " ")
        }
    }

    private var object: String {
        guard let type = event["object"]?["model_name"]?.string else { return text("provider") }
        let word = Self.types.first { $0.name == type }?.word ?? type
        return "\(word) \(event["object"]?["name"]?.string ?? "")"
    }

    // MARK: Changes

    private static func line(for change: JSONValue, _ terminal: Terminal) -> String {
        let field = change["field"]?.string ?? ""
        switch change["kind"]?.string {
        case "secret": return "\(field): a new secret"
        case "list":
            let parts = [("+", "added", Terminal.Color.green), ("-", "removed", .red)].compactMap { sign, part, color in
                names(part, in: change).map { terminal.paint("\(sign) \($0)", color) }
            }
            return "\(field): \(parts.joined(separator: "  "))"
        default:
            let (old, new) = (value("old", in: change), value("new", in: change))
            return "\(field): \(terminal.paint(old, .red)) → \(terminal.paint(new, .green))"
        }
    }

    /// The name of the object that a value is the key of, or the value.
    private static func value(_ part: String, in change: JSONValue) -> String {
        let value = change[part] ?? .null
        return change["\(part)_name"]?.string
            ?? (value.isNull || value.string == "" ? "none" : value.string ?? value.text)
    }

    /// The names of what was added to a list or removed from it; nil for none.
    private static func names(_ part: String, in change: JSONValue) -> String? {
        let names = (change[part]?.array ?? []).map { $0["name"]?.string ?? $0["pk"]?.string ?? $0["pk"]?.text ?? "" }
        guard !names.isEmpty else { return nil }
        let more = Int(change["\(part)_count"]?.integer ?? 0) - names.count
        return names.joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")
    }
}
