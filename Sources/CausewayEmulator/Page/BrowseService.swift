import CausewayJSON
import Foundation
import Synchronization

/// What the tenant's page lists: users, groups, the recycle bin, and one object with its links. Read-only, and without a token,
/// for it serves people on this machine.
struct BrowseService {
    let graph: GraphService

    private static let size = 50

    /// - Parameter names: `users`, `groups`, `deleted` or `object/{id}`.
    func answer(_ names: [String], _ call: GraphCall) -> GraphReply? {
        let start = call.query["start"].flatMap { Int($0) } ?? 0
        let search = (call.query["search"] ?? "").lowercased()
        switch names.first {
        case "users": return .ok(list(start, search) { $0.kind == .user && $0.deletedAt == nil })
        case "groups": return .ok(list(start, search) { $0.kind == .group && $0.deletedAt == nil })
        case "deleted": return .ok(list(start, search) { $0.deletedAt != nil && !$0.isPurged })
        case "object" where names.count == 2: return object(names[1])
        default: return nil
        }
    }

    private func list(_ start: Int, _ search: String, _ isWanted: (DirectoryEntry) -> Bool) -> JSONValue {
        graph.directory.withLock { directory in
            var values: [JSONValue] = []
            var next: Int?
            for place in max(0, start)..<max(start, directory.entries.count) {
                let entry = directory.entries[place]
                guard isWanted(entry), Self.matches(entry, search) else { continue }
                guard values.count < Self.size else {
                    next = place
                    break
                }
                values.append(row(entry, EntryIndex(place), directory))
            }
            return ["value": .array(values), "next": next.map { .integer(Int64($0)) } ?? .null]
        }
    }

    private static func matches(_ entry: DirectoryEntry, _ search: String) -> Bool {
        search.isEmpty
            || ["displayName", "userPrincipalName", "mail"].contains {
                entry.value($0).string?.lowercased().contains(search) ?? false
            }
    }

    private func row(_ entry: DirectoryEntry, _ index: EntryIndex, _ directory: TenantDirectory) -> JSONValue {
        var row: [String: JSONValue] = [
            "id": .string(entry.id), "kind": .string(entry.kind.rawValue), "displayName": entry.value("displayName"),
            "userPrincipalName": entry.value("userPrincipalName"), "accountEnabled": entry.value("accountEnabled"),
            "deleted": JSONValue(entry.deletedAt?.graphText),
        ]
        if entry.kind == .group { row["members"] = .integer(Int64(directory.linkCount(.members, of: index))) }
        return .object(row)
    }

    private func object(_ id: String) -> GraphReply? {
        graph.directory.withLock { directory in
            guard let index = directory.living(id) ?? directory.deleted(id) else { return nil }
            let entry = directory[index]
            return .ok([
                "id": .string(entry.id), "kind": .string(entry.kind.rawValue),
                "properties": .object(entry.properties.filter { !$0.key.hasPrefix("_") }),
                "members": rows(directory, directory.targets(.members, of: index)),
                "owners": rows(directory, directory.targets(.owners, of: index)),
                "manager": rows(directory, directory.targets(.manager, of: index)),
                "memberOf": rows(directory, directory.sources(.members, of: index)),
                "memberCount": .integer(Int64(directory.linkCount(.members, of: index))),
            ])
        }
    }

    private func rows(_ directory: TenantDirectory, _ indexes: [EntryIndex]) -> JSONValue {
        .array(indexes.prefix(Self.size).map { row(directory[$0], $0, directory) })
    }
}
