import CausewayJSON
import CausewayModel

/// The members of the groups that a mapping skips, in the tenant at one moment.
struct SkippedGroups {
    private var groups: [String: JSONValue] = [:]
    private var members: [String: Set<String>] = [:]
    /// Everything that exists: a deleted object leaves all groups, and a restored one enters them.
    private var objects: Set<String> = []

    init() {}

    init(_ skipped: Set<GroupID>, in truth: TenantTruth) {
        for (id, group) in truth.groups {
            guard let text = group["description"]?.string, text.hasPrefix("key "),
                let key = GroupID(text: String(text.dropFirst(4))), skipped.contains(key)
            else { continue }
            (groups[id], members[id]) = (group, truth.members[id] ?? [])
        }
        objects = Set(truth.users.keys).union(truth.groups.keys)
    }

    /// The changes of a run between two moments, in sentences.
    func touched(since before: SkippedGroups) -> [String] {
        let remaining = objects.intersection(before.objects)
        return before.groups.keys.sorted().flatMap { id -> [String] in
            guard let group = groups[id] else { return [] }
            var wrong: [String] = []
            if group != before.groups[id] { wrong.append("a skipped group was changed to \(group)") }
            let (old, new) = (before.members[id] ?? [], members[id] ?? [])
            if old.intersection(remaining) != new.intersection(remaining) {
                wrong.append("a skipped group had \(old) and has \(new)")
            }
            return wrong
        }
    }
}
