import CausewayJSON
import CausewayModel
import Foundation

/// Writes objects as the worker reads them, straight to bytes: this runs for every object of every sync.
struct MappingEncoder {
    /// What the expressions can ask for without asking the directory.
    struct Contents: Sendable {
        let groups: Bool
        let connection: Bool
        let times: Bool
    }

    let contents: Contents
    let names: PropertyNames

    /// A page of objects: `{"objects":[…],"groups":{…}}`. A group that many of them are in is there once.
    func page(_ inputs: ArraySlice<MappingInput>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(inputs.count * 512)
        output.append(contentsOf: #"{"objects":["#.utf8)
        for (place, input) in inputs.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            write(input, to: &output)
        }
        output.append(contentsOf: #"],"groups":"#.utf8)
        write(table: contents.groups ? inputs.flatMap(\.groups) : [], to: &output)
        output.append(UInt8(ascii: "}"))
        return output
    }

    private func write(_ input: MappingInput, to output: inout [UInt8]) {
        switch input.subject {
        case .user(let user, let groups, let all):
            output.append(contentsOf: #"{"user":{"#.utf8)
            write(user, to: &output)
            if contents.groups {
                write(keys: groups, named: ",\"_groups\":", to: &output)
                write(keys: all, named: ",\"_all_groups\":", to: &output)
            }
        case .group(let group, let parents):
            output.append(contentsOf: #"{"group":{"#.utf8)
            write(group, to: &output)
            output.append(contentsOf: ",\"_parents\":".utf8)
            write(parents, to: &output)
        }
        output.append(UInt8(ascii: "}"))
        if let connection = input.connection {
            output.append(contentsOf: #","connection":{"pk":"#.utf8)
            JSONWriter.write(string: connection.id.text, to: &output)
            write("microsoft_id", connection.entraID.rawValue, to: &output)
            output.append(contentsOf: #","attributes":"#.utf8)
            write(attributes: contents.connection ? connection.known : [:], to: &output)
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Users, as an answer.
    func list(_ users: [User]) -> [UInt8] {
        list(users) { user, output in
            output.append(UInt8(ascii: "{"))
            write(user, to: &output)
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Groups, as an answer.
    func list(_ groups: [Group]) -> [UInt8] {
        var output: [UInt8] = []
        write(groups, to: &output)
        return output
    }

    /// The groups of a user, as an answer.
    func groups(direct: [Group], all: [Group]) -> [UInt8] {
        var output = Array(#"{"groups":"#.utf8)
        write(table: all, to: &output)
        write(keys: direct, named: ",\"direct\":", to: &output)
        write(keys: all, named: ",\"all\":", to: &output)
        output.append(UInt8(ascii: "}"))
        return output
    }

    /// When an account was made and changed, as an answer.
    func times(of user: User) -> [UInt8] {
        var output = Array("{".utf8)
        write("_date_joined", user.dateJoined.text, first: true, to: &output)
        write("_last_updated", user.lastUpdated.text, to: &output)
        output.append(UInt8(ascii: "}"))
        return output
    }

    private func write(_ user: User, to output: inout [UInt8]) {
        output.append(contentsOf: "\"pk\":\(user.id.rawValue),\"id\":\(user.id.rawValue)".utf8)
        write("uuid", user.uuid.uuidString.lowercased(), to: &output)
        write("uid", user.uid, to: &output)
        write("username", user.username, to: &output)
        write("name", user.name, to: &output)
        write("email", user.email, to: &output)
        write("type", user.type.rawValue, to: &output)
        write("path", user.path, to: &output)
        output.append(contentsOf: user.isActive ? #","is_active":true,"#.utf8 : #","is_active":false,"#.utf8)
        output.append(contentsOf: #""attributes":"#.utf8)
        JSONValue.object(user.attributes).write(to: &output)
        guard contents.times else { return }
        write("_date_joined", user.dateJoined.text, to: &output)
        write("_last_updated", user.lastUpdated.text, to: &output)
    }

    private func write(_ group: Group, to output: inout [UInt8]) {
        output.append(contentsOf: "\"num_pk\":\(group.numericKey)".utf8)
        write("pk", group.id.text, to: &output)
        write("group_uuid", group.id.text, to: &output)
        write("name", group.name, to: &output)
        output.append(contentsOf: ",\"is_superuser\":\(group.isSuperuser),\"attributes\":".utf8)
        JSONValue.object(group.attributes).write(to: &output)
    }

    private func write(_ groups: [Group], to output: inout [UInt8]) {
        output += list(groups) { group, output in
            output.append(UInt8(ascii: "{"))
            write(group, to: &output)
            output.append(UInt8(ascii: "}"))
        }
    }

    private func write(keys groups: [Group], named name: String, to output: inout [UInt8]) {
        output.append(contentsOf: name.utf8)
        output += list(groups) { JSONWriter.write(string: $0.id.text, to: &$1) }
    }

    private func write(table groups: [Group], to output: inout [UInt8]) {
        var seen: Set<GroupID> = []
        output.append(UInt8(ascii: "{"))
        for group in groups where seen.insert(group.id).inserted {
            if seen.count > 1 { output.append(UInt8(ascii: ",")) }
            JSONWriter.write(string: group.id.text, to: &output)
            output.append(contentsOf: ":{".utf8)
            write(group, to: &output)
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: "}"))
    }

    private func list<Element>(_ elements: [Element], _ write: (Element, inout [UInt8]) -> Void) -> [UInt8] {
        var output: [UInt8] = [UInt8(ascii: "[")]
        for (place, element) in elements.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            write(element, &output)
        }
        output.append(UInt8(ascii: "]"))
        return output
    }

    private func write(_ name: StaticString, _ value: String, first: Bool, to output: inout [UInt8]) {
        output.append(contentsOf: "\"\(name)\":".utf8)
        JSONWriter.write(string: value, to: &output)
    }

    private func write(_ name: StaticString, _ value: String, to output: inout [UInt8]) {
        output.append(contentsOf: ",\"\(name)\":".utf8)
        JSONWriter.write(string: value, to: &output)
    }

    /// Known attributes in authentik's form: snake_case at every depth.
    private func write(attributes: [String: JSONValue], to output: inout [UInt8]) {
        var isFirst = true
        output.append(UInt8(ascii: "{"))
        for (name, value) in attributes {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            JSONWriter.write(string: names.snakeCase(name), to: &output)
            output.append(UInt8(ascii: ":"))
            write(known: value, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func write(known value: JSONValue, to output: inout [UInt8]) {
        switch value {
        case .object(let members): write(attributes: members, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                write(known: value, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        default: value.write(to: &output)
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
