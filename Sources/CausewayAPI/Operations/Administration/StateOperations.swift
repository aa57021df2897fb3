import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import Foundation

/// `causeway/system/`, `causeway/activity/` and `causeway/roles/`: the state of the program, and what it did.
enum StateOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_system_retrieve": system, "causeway_activity_list": activity, "causeway_roles_list": roles,
    ]

    @Sendable private static func system(_ request: APIRequest) async throws -> APIResponse {
        let (state, users, groups, since) = try await request.store.read { transaction in
            (
                try transaction.databaseState(), try transaction.userCounts().all, try transaction.groupCount(),
                try transaction.installedAt()
            )
        }
        let host = request.services.mappings
        return .ok([
            "version": .string(request.services.version), "installed": .string(APITime.text(since)),
            "database": [
                "kind": .string(state.product), "bytes": .integer(state.bytes),
                "schema_version": .integer(state.schemaVersion),
                "users": .integer(Int64(users)), "groups": .integer(Int64(groups)),
            ],
            "mappings": [
                "python": .string(host.python.path), "workers": .integer(Int64(host.limits.workers)),
                "blocking_reason": JSONValue(host.blockingReason),
                "layers": .array(
                    host.protection.findings.map { layer in
                        [
                            "name": .string(layer.name), "is_present": .bool(layer.isPresent),
                            "sentence": .string(layer.sentence),
                        ]
                    }
                ),
            ],
        ])
    }

    @Sendable private static func activity(_ request: APIRequest) async throws -> APIResponse {
        let days = max(1, min(90, request.query.integer("days") ?? 14))
        let (start, activity) = try await request.store.read { transaction in
            let today = transaction.now.milliseconds / dayLength * dayLength
            let start = Timestamp(milliseconds: today - (days - 1) * dayLength)
            return (start, try transaction.activity(since: start))
        }
        let found = Dictionary(grouping: activity) { $0.began.milliseconds / dayLength }
        return .ok(
            .array(
                (0..<days).map { number in
                    let day = Timestamp(milliseconds: start.milliseconds + number * dayLength)
                    return json(day, (found[day.milliseconds / dayLength] ?? []).map(\.count))
                }
            )
        )
    }

    private static let dayLength: Int64 = 86_400_000

    private static func json(_ day: Timestamp, _ counts: [ActionCount]) -> JSONValue {
        func sum(_ isWanted: (ActionCount) -> Bool) -> JSONValue {
            // Members that are added together are one action.
            .integer(Int64(counts.filter(isWanted).reduce(0) { $0 + max($1.count, $1.links) }))
        }
        func applied(_ verbs: Set<ActionVerb>) -> JSONValue {
            sum { $0.status == .applied && verbs.contains($0.verb) }
        }
        return [
            "day": .string(String(APITime.text(day).prefix(10))), "created": applied([.create, .restore]),
            "updated": applied([.update, .link, .reactivate, .setManager, .removeManager]),
            "memberships": applied([.addMembers, .removeMember]), "removed": applied([.suspend, .delete, .unlink]),
            "failed": sum { [.failed, .retry].contains($0.status) },
        ]
    }

    @Sendable private static func roles(_ request: APIRequest) async throws -> APIResponse {
        .ok(
            .array(
                AccessRole.allCases.map { role in
                    [
                        "pk": .string(role.id.uuidString.lowercased()), "name": .string(role.title),
                        "role": .string(role.rawValue),
                    ]
                }
            )
        )
    }
}
