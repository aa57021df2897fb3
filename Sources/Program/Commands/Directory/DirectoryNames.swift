import CausewayJSON
import CausewayModel
import CausewayStore

/// An object of the directory that a person names.
protocol NamedObject: Sendable {
    /// The word for it, which also is the command that lists such objects.
    static var word: String { get }
    static func named(_ name: String, in transaction: Transaction) throws -> Self?
    var name: String { get }
    /// Its address in the API.
    var path: String { get }
}

/// A user as commands name one.
struct NamedUser: NamedObject {
    static let word = "user"
    let user: User

    static func named(_ name: String, in transaction: Transaction) throws -> NamedUser? {
        try transaction.user(named: name).map(NamedUser.init)
    }
    var name: String { user.username }
    var path: String { "/core/users/\(user.id)/" }
}

/// A group as commands name one.
struct NamedGroup: NamedObject {
    static let word = "group"
    let group: Group

    static func named(_ name: String, in transaction: Transaction) throws -> NamedGroup? {
        try transaction.group(named: name).map(NamedGroup.init)
    }
    var name: String { group.name }
    var path: String { "/core/groups/\(group.id.text)/" }
}

/// Finds what a person names.
extension Store {
    /// - Throws: ``UserError`` that says where such objects are listed.
    func object<Object: NamedObject>(called name: String) async throws -> Object {
        guard let object = try await read({ try Object.named(name, in: $0) }) else {
            throw UserError("There is no \(Object.word) '\(name)'; see: causeway \(Object.word) list --search …")
        }
        return object
    }

    /// All of them, each once, or an error: a command that changes several objects begins only when it knows each.
    func objects<Object: NamedObject>(called names: [String]) async throws -> [Object] {
        var objects: [Object] = []
        for name in names {
            let object: Object = try await object(called: name)
            if !objects.contains(where: { $0.path == object.path }) { objects.append(object) }
        }
        return objects
    }

    func user(called name: String) async throws -> User { (try await object(called: name) as NamedUser).user }
    func users(called names: [String]) async throws -> [User] {
        (try await objects(called: names) as [NamedUser]).map(\.user)
    }
    func group(called name: String) async throws -> Group { (try await object(called: name) as NamedGroup).group }
    func groups(called names: [String]) async throws -> [Group] {
        (try await objects(called: names) as [NamedGroup]).map(\.group)
    }
}

extension [Group] {
    /// Their keys, as the API takes them.
    var keys: JSONValue { JSONValue(map(\.id.text)) }
}
