import CausewayJSON
import CausewayModel
import Foundation

/// Writes objects as the worker reads them, straight to bytes: this runs for every object of every sync.
struct MappingEncoder {
    /// What the expressions can ask for without asking the directory.
    struct Contents: Sendable {
        let groups: Bool
        let link: Bool
        let times: Bool
    }

    let contents: Contents
    let names: PropertyNames

    /// A page of objects: `{"objects":[…],"groups":{…}}`. A group that many of them are in appears once.
    func page(_ inputs: ArraySlice<MappingInput>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(inputs.count * 512)
        output.append(contentsOf: #"{"objects":["#.utf8)
        for (index, input) in inputs.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            write(input, to: &output)
        }
        output.append(contentsOf: #"],"groups":"#.utf8)
        write(table: contents.groups ? inputs.flatMap(\.groups) : [], to: &output)
        output.append(UInt8(ascii: "}"))
        return Self.escaped(output)
    }

    /// The same JSON in ASCII. Python stores a text with one letter beyond Latin-1 with two or four bytes per letter, and reads such a page
    /// at half the speed.
    private static func escaped(_ json: [UInt8]) -> [UInt8] {
        json.withUnsafeBufferPointer { json in
            var output: [UInt8] = []
            output.reserveCapacity(json.count + json.count / 4)
            var index = 0
            while let beyond = json[index...].firstIndex(where: { $0 >= 0x80 }) {
                output.append(contentsOf: json[index..<beyond])
                // Everything comes from strings, so it is UTF-8.
                let length = json[beyond] >= 0xF0 ? 4 : json[beyond] >= 0xE0 ? 3 : 2
                index = min(beyond + length, json.count)
                let first = UInt32(json[beyond]) & (0x7F >> UInt32(length))
                let scalar = json[beyond + 1..<index].reduce(first) { $0 << 6 | UInt32($1 & 0x3F) }
                if scalar < 0x10000 {
                    escape(UInt16(scalar), to: &output)
                } else {
                    escape(UInt16(0xD800 + (scalar - 0x10000) >> 10), to: &output)
                    escape(UInt16(0xDC00 + (scalar - 0x10000) & 0x3FF), to: &output)
                }
            }
            output.append(contentsOf: json[index...])
            return output
        }
    }

    private static func escape(_ unit: UInt16, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        output.append(UInt8(ascii: "u"))
        for byte in [UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)] {
            output.append(digit(byte >> 4))
            output.append(digit(byte & 15))
        }
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
        case .nobody: return output.append(contentsOf: "{}".utf8)
        }
        output.append(UInt8(ascii: "}"))
        if let link = input.link {
            output.append(contentsOf: #","connection":{"pk":"#.utf8)
            write(link.id.rawValue, to: &output)
            write(",\"microsoft_id\":", link.entraID.rawValue, to: &output)
            output.append(contentsOf: #","attributes":"#.utf8)
            write(attributes: contents.link ? link.known : [:], to: &output)
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

    /// When an account was created and changed, as an answer.
    func times(of user: User) -> [UInt8] {
        var output = Array("{".utf8)
        write("\"_date_joined\":", user.dateJoined.text, to: &output)
        write(",\"_last_updated\":", user.lastUpdated.text, to: &output)
        output.append(UInt8(ascii: "}"))
        return output
    }

    private func write(_ user: User, to output: inout [UInt8]) {
        let (key, profile) = (String(user.id.rawValue), user.profile)
        output.append(contentsOf: "\"pk\":".utf8)
        output.append(contentsOf: key.utf8)
        output.append(contentsOf: ",\"id\":".utf8)
        output.append(contentsOf: key.utf8)
        output.append(contentsOf: ",\"uuid\":".utf8)
        write(user.uuid, to: &output)
        write(",\"uid\":", user.uid, to: &output)
        write(",\"username\":", profile.username, to: &output)
        write(",\"name\":", profile.name, to: &output)
        write(",\"email\":", profile.email, to: &output)
        write(",\"type\":", profile.type.rawValue, to: &output)
        write(",\"path\":", profile.path, to: &output)
        output.append(contentsOf: profile.isActive ? #","is_active":true,"#.utf8 : #","is_active":false,"#.utf8)
        output.append(contentsOf: #""attributes":"#.utf8)
        JSONValue.object(profile.attributes).write(to: &output)
        guard contents.times else { return }
        write(",\"_date_joined\":", user.dateJoined.text, to: &output)
        write(",\"_last_updated\":", user.lastUpdated.text, to: &output)
    }

    private func write(_ group: Group, to output: inout [UInt8]) {
        output.append(contentsOf: "\"num_pk\":\(group.numericKey),\"pk\":".utf8)
        write(group.id.rawValue, to: &output)
        output.append(contentsOf: ",\"group_uuid\":".utf8)
        write(group.id.rawValue, to: &output)
        write(",\"name\":", group.name, to: &output)
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
        output += list(groups) { write($0.id.rawValue, to: &$1) }
    }

    private func write(table groups: [Group], to output: inout [UInt8]) {
        var seen: Set<GroupID> = []
        output.append(UInt8(ascii: "{"))
        for group in groups where seen.insert(group.id).inserted {
            if seen.count > 1 { output.append(UInt8(ascii: ",")) }
            write(group.id.rawValue, to: &output)
            output.append(contentsOf: ":{".utf8)
            write(group, to: &output)
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: "}"))
    }

    private func list<Element>(_ elements: [Element], _ write: (Element, inout [UInt8]) -> Void) -> [UInt8] {
        var output: [UInt8] = [UInt8(ascii: "[")]
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            write(element, &output)
        }
        output.append(UInt8(ascii: "]"))
        return output
    }

    /// - Parameter name: with its quotes, the colon after it, and the comma before it.
    private func write(_ name: StaticString, _ value: String, to output: inout [UInt8]) {
        name.withUTF8Buffer { output.append(contentsOf: $0) }
        JSONWriter.write(string: value, to: &output)
    }

    /// In lower case, as everywhere outside.
    private func write(_ id: UUID, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        withUnsafeBytes(of: id.uuid) { bytes in
            for index in 0..<bytes.count {
                if index == 4 || index == 6 || index == 8 || index == 10 { output.append(UInt8(ascii: "-")) }
                output.append(Self.digit(bytes[index] >> 4))
                output.append(Self.digit(bytes[index] & 15))
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func digit(_ half: UInt8) -> UInt8 {
        half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10
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
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
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
