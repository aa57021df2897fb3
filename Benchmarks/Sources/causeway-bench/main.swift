import Foundation

// Measures the release program against an emulated tenant on this machine and prints each figure beside its target.
//
//   causeway-bench [USERS]

let users = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000
let program = ProgramUnderTest(path: ".build/release/causeway")

do {
    let mapping = try program.json(["measure", "mapping", "--count", "200000"])
    let demo = try program.json(["demo", "--once", "--json", "--users", "\(users)"])
    let figures = try Figures(mapping: mapping, demo: demo)
    print("\(users) users, on \(ProcessInfo.processInfo.activeProcessorCount) cores, tenant included\n")
    for line in figures.lines { print(line) }
} catch {
    FileHandle.standardError.write(Data("causeway-bench: \(error)\n".utf8))
    exit(1)
}
