import CausewayJSON
import CausewayModel
import Foundation

/// Writes objects as the worker reads them, straight to bytes: this runs for every object of every sync.
///
/// A message is a tuple in Python's `marshal`: the names of ``RecordName``, and then its contents.
struct MappingEncoder {
    /// What the expressions can ask for without asking the directory.
    struct Contents: Sendable {
        let groups: Bool
        let link: Bool
        let times: Bool
    }

    let contents: Contents
    let names: PropertyNames

    // MARK: Pages

    /// A page of objects: a list of them, and the groups that they are in, each once, by their keys.
    func page(_ inputs: ArraySlice<MappingInput>) -> [UInt8] {
        message(of: 2, capacity: inputs.count * 640) { writer in
            writer.beginList(inputs.count)
            for input in inputs { write(input, to: &writer) }
            write(table: contents.groups ? inputs.flatMap(\.groups) : [], to: &writer)
        }
    }

    private func write(_ input: MappingInput, to writer: inout MarshalWriter) {
        writer.beginDictionary()
        switch input.subject {
        case .user(let user, let groups, let all):
            writer.write(.user)
            writer.beginDictionary()
            write(user, to: &writer)
            if contents.groups {
                write(keys: groups, .directGroups, to: &writer)
                write(keys: all, .allGroups, to: &writer)
            }
            writer.endDictionary()
        case .group(let group, let parents):
            writer.write(.group)
            writer.beginDictionary()
            write(group, to: &writer)
            writer.write(.parents)
            write(parents, to: &writer)
            writer.endDictionary()
        case .nobody: break
        }
        if let link = input.link { write(link, to: &writer) }
        writer.endDictionary()
    }

    private func write(_ link: ObjectLink, to writer: inout MarshalWriter) {
        writer.write(.connection)
        writer.beginDictionary()
        writer.write(.pk)
        writer.write(link.id.rawValue)
        writer.write(.entraID, link.entraID.rawValue)
        writer.write(.attributes)
        write(known: contents.link ? link.known : [:], to: &writer)
        writer.endDictionary()
    }

    // MARK: Answers

    /// Users, as an answer.
    func answer(_ users: [User]) -> [UInt8] {
        answer { writer in
            writer.beginList(users.count)
            for user in users {
                writer.beginDictionary()
                write(user, to: &writer)
                writer.endDictionary()
            }
        }
    }

    /// Groups, as an answer.
    func answer(_ groups: [Group]) -> [UInt8] { answer { write(groups, to: &$0) } }

    /// The groups of a user, as an answer.
    func answer(direct: [Group], all: [Group]) -> [UInt8] {
        answer { writer in
            writer.beginDictionary()
            writer.write(.groups)
            write(table: all, to: &writer)
            write(keys: direct, .direct, to: &writer)
            write(keys: all, .all, to: &writer)
            writer.endDictionary()
        }
    }

    /// When an account was created and changed, as an answer.
    func answer(timesOf user: User) -> [UInt8] {
        answer { writer in
            writer.beginDictionary()
            write(timesOf: user, to: &writer)
            writer.endDictionary()
        }
    }

    /// A truth value, as an answer.
    func answer(_ value: Bool) -> [UInt8] { answer { $0.write(value) } }

    /// Why a question gets no answer.
    func refusal(_ reason: String) -> [UInt8] { answer(.refused) { $0.write(reason) } }

    private func answer(_ name: RecordName = .answer, _ write: (inout MarshalWriter) -> Void) -> [UInt8] {
        message(of: 1, capacity: 1024) { writer in
            writer.beginDictionary()
            writer.write(name)
            write(&writer)
            writer.endDictionary()
        }
    }

    // MARK: Records

    private func message(of count: Int, capacity: Int, _ write: (inout MarshalWriter) -> Void) -> [UInt8] {
        var writer = MarshalWriter(capacity: capacity + 256)
        writer.beginTuple(1 + count)
        writer.beginTuple(RecordName.allCases.count)
        for name in RecordName.allCases { writer.write(name: name.text) }
        write(&writer)
        return writer.bytes
    }

    private func write(_ user: User, to writer: inout MarshalWriter) {
        let profile = user.profile
        writer.write(.pk)
        writer.write(user.id.rawValue)
        writer.write(.id)
        writer.write(user.id.rawValue)
        writer.write(.uuid)
        writer.write(user.uuid)
        writer.write(.uid, user.uid)
        writer.write(.username, profile.username)
        writer.write(.name, profile.name)
        writer.write(.email, profile.email)
        writer.write(.type, profile.type.rawValue)
        writer.write(.path, profile.path)
        writer.write(.isActive)
        writer.write(profile.isActive)
        writer.write(.attributes)
        writer.write(profile.attributes)
        if contents.times { write(timesOf: user, to: &writer) }
    }

    private func write(timesOf user: User, to writer: inout MarshalWriter) {
        writer.write(.dateJoined, user.dateJoined.text)
        writer.write(.lastUpdated, user.lastUpdated.text)
    }

    private func write(_ group: Group, to writer: inout MarshalWriter) {
        writer.write(.numericKey)
        writer.write(Int64(group.numericKey))
        writer.write(.pk)
        writer.write(group.id.rawValue)
        writer.write(.groupUUID)
        writer.write(group.id.rawValue)
        writer.write(.name, group.name)
        writer.write(.isSuperuser)
        writer.write(group.isSuperuser)
        writer.write(.attributes)
        writer.write(group.attributes)
    }

    private func write(_ groups: [Group], to writer: inout MarshalWriter) {
        writer.beginList(groups.count)
        for group in groups {
            writer.beginDictionary()
            write(group, to: &writer)
            writer.endDictionary()
        }
    }

    private func write(keys groups: [Group], _ name: RecordName, to writer: inout MarshalWriter) {
        writer.write(name)
        writer.beginList(groups.count)
        for group in groups { writer.write(group.id.rawValue) }
    }

    private func write(table groups: [Group], to writer: inout MarshalWriter) {
        var seen: Set<GroupID> = []
        writer.beginDictionary()
        for group in groups where seen.insert(group.id).inserted {
            writer.write(group.id.rawValue)
            writer.beginDictionary()
            write(group, to: &writer)
            writer.endDictionary()
        }
        writer.endDictionary()
    }

    /// Known attributes in authentik's form: snake_case at every depth.
    private func write(known attributes: [String: JSONValue], to writer: inout MarshalWriter) {
        writer.beginDictionary()
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            writer.write(name: names.snakeCase(name))
            write(known: value, to: &writer)
        }
        writer.endDictionary()
    }

    private func write(known value: JSONValue, to writer: inout MarshalWriter) {
        switch value {
        case .object(let members): write(known: members, to: &writer)
        case .array(let values):
            writer.beginList(values.count)
            for value in values { write(known: value, to: &writer) }
        default: writer.write(value)
        }
    }
}

extension MappingInput {
    /// Every group that it is in.
    fileprivate var groups: [Group] {
        guard case .user(_, _, let all) = subject else { return [] }
        return all
    }
}

extension MarshalWriter {
    fileprivate mutating func write(_ name: RecordName) { write(nameAt: name.rawValue) }

    fileprivate mutating func write(_ name: RecordName, _ text: String) {
        write(name)
        write(text)
    }

    /// In lower case, as everywhere outside.
    fileprivate mutating func write(_ id: UUID) {
        writeASCII(36) { output in
            withUnsafeBytes(of: id.uuid) { bytes in
                for index in 0..<bytes.count {
                    if index == 4 || index == 6 || index == 8 || index == 10 { output.append(UInt8(ascii: "-")) }
                    output.append(Self.digit(bytes[index] >> 4))
                    output.append(Self.digit(bytes[index] & 15))
                }
            }
        }
    }

    private static func digit(_ half: UInt8) -> UInt8 {
        half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10
    }
}
