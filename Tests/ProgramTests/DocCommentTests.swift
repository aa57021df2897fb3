import CausewayTestSupport
import Foundation
import Testing

@Suite("Doc comments")
struct DocCommentTests {
    @Test("every documented parameter is a parameter of the declaration below, and documented once")
    func parameters() throws {
        var count = 0
        for folder in ["Sources", "Tests"] {
            let root = ProjectFiles.root.appending(path: folder).path(percentEncoded: false)
            let paths = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }
            for path in paths {
                for comment in DocComment.all(in: try ProjectFiles.text("\(folder)/\(path)")) {
                    count += comment.documented.count
                    #expect(comment.faults == [], "\(folder)/\(path):\(comment.line)")
                }
            }
        }
        #expect(count > 300)
    }

    @Test(
        "a name is found whether it is a label or a local name; anything else is a fault",
        arguments: [
            ("/// - Parameter one: a.\nfunc f(one: Int) {}", []),
            ("/// - Parameter one: a.\nfunc f(_ one: Int) {}", []),
            ("/// - Parameter of: a.\n@available(macOS 15, *) func f<A: B>(of one: [A: B]) {}", []),
            (
                "/// - Parameters:\n///   - one: a,\n///     - more: of it.\n///   - two: b.\ninit(one: Int, two: Int) {}",
                []
            ),
            ("/// - Parameter number: a.\nsubscript(number: Int) -> Int { 1 }", []),
            ("/// - Parameter name: a.\ncase some(name: String)", []),
            ("/// - Parameter other: a.\nfunc f(\n    one: Int\n) {}", ["other"]),
            ("/// - Parameter two: a.\nfunc f(one: (_ two: Int) -> Void) {}", ["two"]),
            ("/// - Parameters:\n///   - one: a.\n///   - two: b.\n/// - Returns: c.\nfunc f(one: Int) {}", ["two"]),
            ("/// - Parameter one: a.\n/// - Parameter one: a.\nfunc f(one: Int) {}", ["one"]),
            ("/// - Parameter one: a.\nvar f: Int { 1 }", ["one"]),
        ] as [(String, [String])]
    )
    func reading(_ source: String, _ faults: [String]) {
        #expect(DocComment.all(in: source).flatMap(\.faults) == faults)
    }
}

/// A doc comment, and the parameters of the declaration below it.
private struct DocComment {
    /// The comment's first line, from 1 on.
    let line: Int
    /// The parameters that the comment names.
    let documented: [String]
    /// The labels and local names of the declaration's parameters.
    private let parameters: Set<String>

    /// The documented names that are no parameters, or were documented before.
    var faults: [String] {
        var known = parameters
        return documented.filter { known.remove($0) == nil }
    }

    /// The comments of a source that name parameters.
    static func all(in source: String) -> [DocComment] {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        var comments: [DocComment] = []
        var start = 0
        while start < lines.count {
            let comment = lines[start...].prefix { isComment($0) }
            guard !comment.isEmpty else {
                start += 1
                continue
            }
            let names = documented(in: comment)
            if !names.isEmpty {
                let declaration = lines[comment.endIndex...].prefix { !isComment($0) }.joined(separator: "\n")
                comments.append(DocComment(line: start + 1, documented: names, parameters: parameters(of: declaration)))
            }
            start = comment.endIndex
        }
        return comments
    }

    private static func isComment(_ line: Substring) -> Bool { line.drop(while: \.isWhitespace).hasPrefix("///") }

    /// `- Parameter name:`, and the list below `- Parameters:`.
    private static func documented(in comment: ArraySlice<Substring>) -> [String] {
        var names: [String] = []
        var isInList = false
        for line in comment {
            if let single = line.firstMatch(of: #//// *- Parameter (\w+):/#) {
                names.append(String(single.1))
            } else if line.contains("/// - ") {
                isInList = line.contains("- Parameters:")
            } else if isInList, let entry = line.firstMatch(of: #////   - (\w+):/#) {
                names.append(String(entry.1))
            }
        }
        return names
    }

    /// The names in the parentheses after `func name`, `init`, `subscript` or `case name`.
    private static func parameters(of declaration: String) -> Set<String> {
        let head = /\b(func\s+[^\s(<]+|init[?!]?|subscript|case\s+\w+)\s*(<[^(]*>)?\(/
        guard let start = declaration.firstMatch(of: head)?.range.upperBound else { return [] }
        var (names, name) = (Set<String>(), "")
        var (depth, isName) = (0, true)
        for sign in declaration[start...] {
            if depth == 0, sign == ":", isName {
                names.formUnion(name.matches(of: /\w+/).map { String($0.0) })
                isName = false
            } else if depth == 0, sign == "," {
                (name, isName) = ("", true)
            } else if "([{".contains(sign) {
                depth += 1
            } else if ")]}".contains(sign) {
                depth -= 1
                if depth < 0 { return names }
            } else if isName {
                name.append(sign)
            }
        }
        return names
    }
}
