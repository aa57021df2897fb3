import Foundation

// Measures the release program against an emulated tenant on this machine and prints each figure beside its target.
//
//   causeway-bench [USERS]

let users = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
let program = ProgramUnderTest(path: ".build/release/causeway")

func show(_ figure: Figure) {
    print(figure)
    fflush(nil)
}

do {
    print("\(users) users, on \(ProcessInfo.processInfo.activeProcessorCount) cores, tenant included\n")
    try EngineFigures(program, users: users).measure(show)
    print("\nThe Graph client and the emulated tenant\n")
    try GraphFigures(program).measure(show)
} catch {
    FileHandle.standardError.write(Data("causeway-bench: \(error)\n".utf8))
    exit(1)
}
