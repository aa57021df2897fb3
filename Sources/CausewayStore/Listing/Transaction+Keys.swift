package import CausewayModel

extension Transaction {
    /// The keys of all groups that a filter finds, by name. The filter must have no conditions on attributes.
    package func groupKeys(_ filter: GroupFilter) throws -> [GroupID] {
        try groupQuery(filter).keys(.everything, in: self) { try $0.id("key") }
    }

    /// The keys of all users that a filter finds, by user name. The filter must have no conditions on attributes.
    package func userKeys(_ filter: UserFilter) throws -> [UserID] {
        try userQuery(filter).keys(.everything, in: self) { try $0.id("key") }
    }
}

extension ListSlice {
    fileprivate static let everything = ListSlice(offset: 0, limit: .max)
}
