import CausewayJSON
import CausewayModel
import Foundation

/// Writes objects as the worker reads them, straight to bytes: this runs for every object of every sync.
struct MappingEncoder {
    let includesGroups: Bool
    let includesConnection: Bool
    let names: PropertyNames

    func page(_ inputs: ArraySlice<MappingInput>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(inputs.count * 512)
        output.append(UInt8(ascii: "["))
        for input in inputs {
            if output.count > 1 { output.append(UInt8(ascii: ",")) }
            write(input, to: &output)
        }
        output.append(UInt8(ascii: "]"))
        return output
    }

    private func write(_ input: MappingInput, to output: inout [UInt8]) {
        switch input.subject {
        case .user(let user, let groups, let inherited):
            output.append(contentsOf: #"{"user":{"#.utf8)
            write(user, to: &output)
            if includesGroups {
                write(groups, named: ",\"groups\":", to: &output)
                write(inherited, named: ",\"inherited_groups\":", to: &output)
            }
        case .group(let group, let parents):
            output.append(contentsOf: #"{"group":{"#.utf8)
            write(group, to: &output)
            write(parents, named: ",\"parents\":", to: &output)
        }
        output.append(UInt8(ascii: "}"))
        if let connection = input.connection {
            output.append(contentsOf: #","connection":{"microsoft_id":"#.utf8)
            JSONWriter.write(string: connection.entraID.rawValue, to: &output)
            output.append(contentsOf: #","attributes":"#.utf8)
            write(attributes: includesConnection ? connection.known : [:], to: &output)
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: "}"))
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
        output.append(contentsOf: #""is_superuser":false,"is_staff":false,"attributes":"#.utf8)
        JSONValue.object(user.attributes).write(to: &output)
    }

    private func write(_ group: Group, to output: inout [UInt8]) {
        output.append(contentsOf: "\"num_pk\":\(group.numericKey)".utf8)
        write("pk", group.id.text, to: &output)
        write("group_uuid", group.id.text, to: &output)
        write("name", group.name, to: &output)
        output.append(contentsOf: ",\"is_superuser\":\(group.isSuperuser),\"attributes\":".utf8)
        JSONValue.object(group.attributes).write(to: &output)
    }

    private func write(_ groups: [Group], named name: String, to output: inout [UInt8]) {
        output.append(contentsOf: name.utf8)
        output.append(UInt8(ascii: "["))
        for (place, group) in groups.enumerated() {
            output.append(contentsOf: place == 0 ? "{".utf8 : ",{".utf8)
            write(group, to: &output)
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: "]"))
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
