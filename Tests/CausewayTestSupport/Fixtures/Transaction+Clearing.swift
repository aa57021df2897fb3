package import CausewayModel
package import CausewayStore

extension Transaction {
    /// Ends every direct membership of a group, those of nested groups too.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func removeAllMembers(from group: GroupID) throws -> Int {
        let users = try members(of: group)
        let groups = try children(of: group)
        for user in users { try removeMember(user, from: group) }
        for child in groups { try removeParent(group, from: child) }
        return users.count + groups.count
    }
}
