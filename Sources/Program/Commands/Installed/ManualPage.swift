import CausewayJSON

/// The manual page in the language of man(7), from what ArgumentParser knows of the commands. Pure.
struct ManualPage {
    /// ArgumentParser's description of the program: `{"command": {…}}`.
    let help: JSONValue
    let version: String

    var text: String {
        let root = Command(help["command"] ?? .null)
        let lines =
            [
                ".TH CAUSEWAY 1 \"\" \"causeway \(version)\" \"User Commands\"", ".SH NAME",
                "\(root.name) \\- \(Self.escaped(root.abstract))", ".SH SYNOPSIS", ".B \(root.name)",
                ".I command", "[options]", ".SH DESCRIPTION", Self.escaped(root.discussion), ".SH COMMANDS",
            ] + root.subcommands.flatMap { Self.lines(for: $0, after: root.name) }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// A command with its options, and the commands below it.
    private static func lines(for command: Command, after parents: String) -> [String] {
        let name = "\(parents) \(command.name)"
        let below = command.subcommands.flatMap { lines(for: $0, after: name) }
        // A command that only has others is their heading.
        guard command.subcommands.isEmpty || !command.arguments.isEmpty else { return below }
        let usage = ([name] + command.arguments.filter(\.isPositional).map(\.label)).joined(separator: " ")
        let head = [".SS \"\(escaped(usage))\"", escaped(command.abstract), ".PP", escaped(command.discussion)]
        return head + folded(command.arguments).flatMap(lines) + below
    }

    /// A flag and its opposite are one argument: `--active/--no-active`.
    private static func folded(_ arguments: [Argument]) -> [Argument] {
        arguments.reduce(into: []) { folded, argument in
            if let last = folded.last, argument.label == "--no-\(last.label.dropFirst(2))" {
                folded[folded.count - 1].label += "/\(argument.label)"
            } else {
                folded.append(argument)
            }
        }
    }

    private static func lines(for argument: Argument) -> [String] {
        [".TP", ".B \(escaped(argument.label))", escaped(argument.help)]
    }

    /// A text that troff prints as it is.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\"", with: "\\(dq")
        let lines = plain.split(separator: "\n", omittingEmptySubsequences: true)
        return lines.map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&\($0)" : String($0) }.joined(separator: "\n")
    }
}

/// A command, as ArgumentParser describes it.
private struct Command {
    let name: String
    let abstract: String
    let discussion: String
    /// Those that the help shows.
    let subcommands: [Command]
    let arguments: [Argument]

    init(_ json: JSONValue) {
        func shown(_ name: String) -> [JSONValue] { (json[name]?.array ?? []).filter { $0["shouldDisplay"] != false } }
        name = json["commandName"]?.string ?? ""
        abstract = json["abstract"]?.string ?? ""
        discussion = json["discussion"]?.string ?? ""
        subcommands = shown("subcommands").map { Command($0) }.filter { $0.name != "help" }
        arguments = shown("arguments").map { Argument($0) }.filter { !$0.isOfEveryCommand }
    }
}

/// An argument of a command.
private struct Argument {
    let isPositional: Bool
    /// As it is written: `<name>`, `--name <value>`, `--name/--no-name`.
    var label: String
    let help: String
    /// `--help` and `--version`.
    let isOfEveryCommand: Bool

    init(_ json: JSONValue) {
        let (value, kind) = (json["valueName"]?.string ?? "value", json["kind"]?.string)
        isPositional = kind == "positional"
        let names = (json["names"]?.array ?? []).compactMap(Self.spelled)
        isOfEveryCommand = !Set(names).isDisjoint(with: ["--help", "--version"])
        let dots = json["isRepeating"] == true ? " ..." : ""
        label =
            switch kind {
            case "positional": "<\(value)>\(dots)"
            case "option": "\(names.joined(separator: ", ")) <\(value)>"
            default: names.joined(separator: ", ")
            }
        let standard = json["defaultValue"]?.string.map { " (default: \($0))" } ?? ""
        help = (json["abstract"]?.string ?? "") + standard
    }

    private static func spelled(_ name: JSONValue) -> String? {
        name["name"]?.string.map { (name["kind"] == "long" ? "--" : "-") + $0 }
    }
}
