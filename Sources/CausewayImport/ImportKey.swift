import CausewayJSON

/// By what people of a file are told apart from each other and found in the directory.
package enum ImportKey: String, Sendable, CaseIterable {
    case userName = "user_name"
    case employeeID = "employee_id"
    case immutableID = "immutable_id"
    case email

    /// The attribute that holds it; nil for what is no attribute.
    var attribute: String? {
        switch self {
        case .employeeID: "employee_id"
        case .immutableID: "immutable_id"
        case .userName, .email: nil
        }
    }

    /// In the middle of a sentence.
    package var name: String {
        switch self {
        case .userName: "user name"
        case .employeeID: "employee id"
        case .immutableID: "immutable id"
        case .email: "address"
        }
    }

    /// What a line has for it; nil for nothing.
    func value(of row: UserRow) -> String? {
        switch self {
        case .userName: row.username
        case .email: row.email?.lowercased()
        case .employeeID, .immutableID: attribute.flatMap { row.attributes[$0]?.string }
        }
    }
}
