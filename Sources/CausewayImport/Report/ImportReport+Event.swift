import CausewayJSON

extension ImportReport {
    /// The import in the log of events: its files by name, its options and its counts. Users and groups have no events of their own.
    func inEvent(_ work: DirectoryImport) -> JSONValue {
        let counts = [
            "lines": lines, "created": created, "updated": updated, "renamed": renamed, "unchanged": unchanged,
            "inactive": inactive, "left_out": leftOut, "groups_created": groupsCreated,
            "memberships_added": membershipsAdded, "memberships_removed": membershipsRemoved, "problems": problemCount,
        ]
        var json: [String: JSONValue] = [
            "counts": .object(counts.mapValues { .integer(Int64($0)) }), "key": .string(work.key.rawValue),
            "exact": .bool(work.isExact), "map": JSONValue(work.overrides),
        ]
        for (kind, path) in [("users", work.users), ("groups", work.groups)] {
            guard let name = path?.split(separator: "/").last else { continue }
            json[kind] = .string(String(name))
        }
        return .object(json)
    }
}
