import CausewayJSON
import CausewayModel
import Foundation

/// An event of the log as JSON, with what changed.
enum EventLogAnswer {
    static func json(_ event: Event) -> JSONValue {
        let own = event.context["causeway"]
        let provider = event.context["provider"]
        let cause: [String: JSONValue] = [
            "user": .string(event.actor), "client_ip": JSONValue(event.clientIP),
            "channel": JSONValue(own?["channel"]?.string), "token": JSONValue(own?["token"]?.string),
            "system_user": JSONValue(own?["system_user"]?.string),
        ]
        let about: [String: JSONValue] = [
            "object": event.object?.json ?? .null,
            "provider": JSONValue(provider?.string ?? provider?["name"]?.string),
            "run": JSONValue(own?["run"]?.string ?? event.context["run"]?.string),
            "message": .string(message(of: event)),
            "changes": .array(event.changes.map { json($0, names: own?["names"]) }),
            "details": .object((own?.object ?? [:]).filter { !shown.contains($0.key) }),
        ]
        let all: [String: JSONValue] = [
            "pk": .string(event.id.uuidString.lowercased()), "action": .string(event.action),
            "area": .string(EventKind.area(of: event.action).rawValue), "app": .string(event.app),
            "created": .string(APITime.text(event.created)), "context": .object(event.context),
        ]
        return .object(all.merging(cause) { $1 }.merging(about) { $1 })
    }

    /// What is a member of the answer itself.
    private static let shown: Set<String> = ["channel", "token", "system_user", "names", "counts", "run"]

    /// The sentence that an event has.
    static func message(of event: Event) -> String {
        ["message", "reason", "error"].lazy.compactMap { event.context[$0]?.string }.first ?? ""
    }

    private static func json(_ change: FieldChange, names: JSONValue?) -> JSONValue {
        var json: [String: JSONValue] = ["field": .string(change.field)]
        switch change.content {
        case .secret: json["kind"] = "secret"
        case .value(let before, let after):
            json["kind"] = "value"
            (json["old"], json["new"]) = (before, after)
            (json["old_name"], json["new_name"]) = (name(of: before, names), name(of: after, names))
        case .list(let added, let removed):
            json["kind"] = "list"
            (json["added"], json["removed"]) = (named(added, names), named(removed, names))
            json["added_count"] = .integer(Int64(added.count))
            json["removed_count"] = .integer(Int64(removed.count))
        }
        return .object(json)
    }

    private static func named(_ keys: FieldChange.Keys, _ names: JSONValue?) -> JSONValue {
        .array(keys.kept.map { ["pk": $0, "name": name(of: $0, names)] })
    }

    /// The name of the object that a key names; null for another value.
    private static func name(of key: JSONValue, _ names: JSONValue?) -> JSONValue {
        let text = key.string ?? key.integer.map { "\($0)" } ?? ""
        return names?[text] ?? .null
    }
}
