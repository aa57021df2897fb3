import CausewayJSON
import CausewayModel
import CausewayStore

/// Finds the user that a line is about, by the chosen key.
struct PersonFinder {
    /// The user name belongs to another user, who may give it up on another line.
    struct NameTaken: Error {
        let problem: LineProblem
    }

    private let key: ImportKey
    private let transaction: Transaction
    /// The attribute whose holders are known; nil for none.
    private let attribute: String?
    private var holders: [String: UserID] = [:]
    /// Values that several users have.
    private var shared: Set<String> = []

    /// - Parameter hasEmployeeIDs: whether lines have an employee id, which is checked whatever the key is.
    init(_ key: ImportKey, hasEmployeeIDs: Bool, in transaction: Transaction) throws {
        self.key = key
        self.transaction = transaction
        attribute = key.attribute ?? (hasEmployeeIDs ? ImportKey.employeeID.attribute : nil)
        guard let attribute else { return }
        for (value, user) in try transaction.holders(ofAttribute: attribute) {
            if holders.updateValue(user, forKey: value) != nil { shared.insert(value) }
        }
    }

    /// The user that a line is about; nil for a new one.
    ///
    /// - Throws: ``LineProblem`` if the line does not say, or several users match; ``NameTaken``.
    func person(of row: UserRow) throws -> User? {
        guard key != .userName else { return try transaction.user(named: row.username) }
        guard let value = key.value(of: row) else {
            throw LineProblem(line: row.line, reason: "the \(key.name) is missing, and it identifies users")
        }
        guard let found = try holder(of: value, row.line) else { return try namesake(of: row) }
        if row.isNamed, row.username != found.username, let other = try transaction.user(named: row.username),
            other.id != found.id
        {
            throw NameTaken(problem: taken(row, by: other))
        }
        return found
    }

    private func holder(of value: String, _ line: Int) throws -> User? {
        if key == .email {
            let found = try transaction.users(withEmail: value, limit: 2)
            guard found.count < 2 else { throw several(value, line) }
            return found.first
        }
        guard !shared.contains(value) else { throw several(value, line) }
        return try holders[value].flatMap { try transaction.user($0) }
    }

    private func several(_ value: String, _ line: Int) -> LineProblem {
        LineProblem(line: line, reason: "several users have the \(key.name) '\(value)'")
    }

    /// The user who has the user name already, and no value of the key yet.
    private func namesake(of row: UserRow) throws -> User? {
        guard let user = try transaction.user(named: row.username) else { return nil }
        guard held(by: user).isEmpty else { throw NameTaken(problem: taken(row, by: user)) }
        return user
    }

    private func held(by user: User) -> String {
        guard let attribute = key.attribute else { return user.email }
        return user.attributes[attribute]?.keyText ?? ""
    }

    private func taken(_ row: UserRow, by user: User) -> LineProblem {
        let held = held(by: user)
        let whose = held.isEmpty ? "" : ", whose \(key.name) is '\(held)'"
        return LineProblem(line: row.line, reason: "the user name '\(row.username)' belongs to another user\(whose)")
    }

    // MARK: Employee ids

    /// Records warnings about the employee id of a user that was stored, and that the user has it.
    mutating func note(_ row: UserRow, of user: UserID, before: UserProfile?, _ warnings: inout WarningList) throws {
        guard let attribute, let value = row.attributes[attribute]?.string else { return }
        if attribute == ImportKey.employeeID.attribute, key != .employeeID {
            if let holder = holders[value], holder != user, let other = try transaction.user(holder) {
                warnings.add(.employeeIDTaken, row.line, "\(value) of \(row.username) belongs to \(other.username)")
            }
            if let former = before?.attributes[attribute]?.keyText, !former.isEmpty, former != value {
                warnings.add(.employeeIDChanges, row.line, "\(row.username): \(former) becomes \(value)")
            }
        }
        holders[value] = holders[value] ?? user
    }
}

extension JSONValue {
    /// A text, or a whole number as it is written.
    fileprivate var keyText: String? { string ?? integer.map { String($0) } }
}
