package import CausewayModel
package import CausewayStore

extension Transaction {
    /// Ends all direct memberships of a group, also those of nested groups.
    ///
    /// - Returns: the number of ended memberships.
    @discardableResult
    package func removeAllMembers(from group: GroupID) throws -> Int {
        let (users, groups) = (try members(of: group), try children(of: group))
        for user in users { try removeMember(user, from: group) }
        for child in groups { try removeParent(group, from: child) }
        return users.count + groups.count
    }
}
