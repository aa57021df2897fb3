import CausewayJSON

/// The key that identifies the users of a file and finds them in the directory.
package enum ImportKey: String, Sendable, CaseIterable {
    case userName = "user_name"
    case employeeID = "employee_id"
    case immutableID = "immutable_id"
    case email

    /// The attribute that holds it; nil if it is not an attribute.
    var attribute: String? {
        switch self {
        case .employeeID: "employee_id"
        case .immutableID: "immutable_id"
        case .userName, .email: nil
        }
    }

    /// For the middle of a sentence.
    package var name: String {
        switch self {
        case .userName: "user name"
        case .employeeID: "employee id"
        case .immutableID: "immutable id"
        case .email: "address"
        }
    }

    /// The value in a line; nil for none.
    func value(of row: UserRow) -> String? {
        switch self {
        case .userName: row.username
        case .email: row.email?.lowercased()
        case .employeeID, .immutableID: attribute.flatMap { row.attributes[$0]?.string }
        }
    }
}
