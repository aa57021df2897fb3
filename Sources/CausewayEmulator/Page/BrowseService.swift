import CausewayJSON
import Foundation
import Synchronization

/// The lists of the tenant's page: users, groups, the recycle bin, and one object with its links. Read-only, and without a token,
/// since it serves people on this machine.
struct BrowseService {
    let graph: GraphService

    private static let size = 50

    /// - Parameter names: `users`, `groups`, `deleted` or `object/{id}`.
    func answer(_ names: [String], _ call: GraphCall) -> GraphReply? {
        let start = call.query["start"].flatMap { Int($0) } ?? 0
        let search = (call.query["search"] ?? "").lowercased()
        switch names.first {
        case "users": return .ok(list(start, search) { Self.living(.user, $0) })
        case "groups": return .ok(list(start, search) { Self.living(.group, $0) })
        case "deleted": return .ok(list(start, search) { directory in EntryKind.allCases.map(directory.bin.items) })
        case "object" where names.count == 2: return object(names[1])
        default: return nil
        }
    }

    private static func living(_ kind: EntryKind, _ directory: TenantDirectory) -> [[EntryIndex]] {
        [directory.lookup.all(kind)]
    }

    /// - Parameter indices: ascending lists of positions.
    private func list(_ start: Int, _ search: String, _ indices: (TenantDirectory) -> [[EntryIndex]]) -> JSONValue {
        graph.directory.withLock { directory in
            let isDeleted = indices(directory).count > 1
            let found = indices(directory).flatMap { indices in
                indices.from(EntryIndex(clamping: start)).lazy.filter { [directory] index in
                    let entry = directory[index]
                    return (entry.deletedAt != nil) == isDeleted && Self.matches(entry, search)
                }.prefix(Self.size + 1)
            }.sorted()
            return [
                "value": .array(found.prefix(Self.size).map { row(directory[$0], $0, directory) }),
                "next": found.count > Self.size ? .integer(Int64(found[Self.size])) : .null,
            ]
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
