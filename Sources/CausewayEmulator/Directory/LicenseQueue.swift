import CausewayJSON
import Foundation

/// Groups whose licenses have yet to reach their members. It follows from the changes alone, so that a tenant that is started
/// again continues where it was.
struct LicenseQueue: Sendable {
    /// What is pending for a group.
    struct Work: Sendable {
        /// When the first of it arose.
        let since: Date
        /// Every member must be processed, not only those who were added or removed.
        var isWhole = false
        var users: Set<EntryIndex> = []
    }

    private(set) var work: [EntryIndex: Work] = [:]

    mutating func add(_ user: EntryIndex, to group: EntryIndex, at now: Date) {
        work[group, default: Work(since: now)].users.insert(user)
    }

    mutating func addAll(of group: EntryIndex, at now: Date) { work[group, default: Work(since: now)].isWhole = true }

    mutating func remove(_ group: EntryIndex) { work[group] = nil }

    /// The groups that are due, ascending.
    func due(at now: Date, delay: Double) -> [EntryIndex] {
        guard !work.isEmpty else { return [] }
        return work.filter { $0.value.since.addingTimeInterval(delay) <= now }.keys.sorted()
    }
}

extension TenantDirectory {
    /// What a change means for the licenses that groups pass on.
    mutating func noteLicenses(_ mutation: Mutation, at now: Date) {
        switch mutation {
        case .link(.members, let group, let user), .unlink(.members, let group, let user):
            if hasLicenses(group) { licenseQueue.add(user, to: group, at: now) }
        case .update(let group, let changes) where self[group].kind == .group:
            if changes["assignedLicenses"] != nil { licenseQueue.addAll(of: group, at: now) }
            if changes["licenseProcessingState"]?["state"] == "ProcessingComplete" { licenseQueue.remove(group) }
        case .delete(let group), .restore(let group):
            if hasLicenses(group) { licenseQueue.addAll(of: group, at: now) }
        case .purge(let group): licenseQueue.remove(group)
        default: break
        }
    }

    private func hasLicenses(_ entry: EntryIndex) -> Bool {
        self[entry].kind == .group && self[entry].value("assignedLicenses").array?.isEmpty == false
    }
}
