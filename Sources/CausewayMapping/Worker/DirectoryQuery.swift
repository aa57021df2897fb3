import CausewayJSON
import CausewayModel

/// A question of a worker, and its answer.
package struct DirectoryQuery: Sendable {
    /// Objects in one answer; the worker uses the same number.
    package static let page = 500

    private let json: JSONValue

    /// Nil if a reply is not a question.
    init?(_ reply: [UInt8]) {
        guard reply.first == UInt8(ascii: "{"), let json = try? JSONValue(parsing: reply), json["ask"] != nil else {
            return nil
        }
        self.json = json
    }

    /// The worker's next message. If the directory fails, the answer is refused, and the mapping fails with it.
    func answer(from directory: any DirectoryQueries, _ encoder: MappingEncoder) async throws -> [UInt8] {
        do {
            return try await answered(by: directory, encoder)
        } catch let error as CancellationError {
            throw error
        } catch {
            return encoder.refusal("\(error)")
        }
    }

    private func answered(by directory: any DirectoryQueries, _ encoder: MappingEncoder) async throws -> [UInt8] {
        switch json["ask"]?.string {
        case "users": return encoder.answer(try await directory.users(after: json["after"]?.integer.map(UserID.init)))
        case "groups" where json["user"] != nil:
            let groups = try await directory.groups(of: try user)
            return encoder.answer(direct: groups.direct, all: groups.all)
        case "groups":
            return encoder.answer(try await directory.groups(after: json["after"]?.string.flatMap(GroupID.init(text:))))
        case "find": return try await found(in: directory, encoder)
        case "members":
            return encoder.answer(
                try await directory.members(of: try group, after: json["after"]?.integer.map(UserID.init))
            )
        case "parents": return encoder.answer(try await directory.parents(of: try group))
        case "children": return encoder.answer(try await directory.children(of: try group))
        case "is_member":
            return encoder.answer(try await directory.isMember(try user, of: try group))
        case "times":
            guard let user = try await directory.user(try user) else { throw QueryError("there is no such user") }
            return encoder.answer(timesOf: user)
        default: throw QueryError("there is no such question")
        }
    }

    private func found(in directory: any DirectoryQueries, _ encoder: MappingEncoder) async throws -> [UInt8] {
        let (path, value) = (json["path"]?.array?.compactMap(\.string) ?? [], json["value"] ?? .null)
        guard let field = path.first else { throw QueryError("no field is named") }
        if json["kind"]?.string == "Group" { return encoder.answer(try await directory.groups(with: value, at: field)) }
        let last = json["after"]?.integer.map(UserID.init)
        return encoder.answer(try await directory.users(with: value, at: path, after: last))
    }

    private var user: UserID {
        get throws {
            guard let key = json["user"]?.integer else { throw QueryError("no user is named") }
            return UserID(key)
        }
    }

    private var group: GroupID {
        get throws {
            guard let key = json["group"]?.string.flatMap(GroupID.init(text:)) else {
                throw QueryError("the group's name is missing")
            }
            return key
        }
    }
}

/// Why a question gets no answer.
package struct QueryError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
