import Foundation

/// The program `man`, which shows a page at a terminal.
struct Pager {
    private let program: String

    /// Nil if there is no `man` in the folders of `PATH`.
    init?(environment: [String: String]) {
        let folders = (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        let candidates = folders.map { "\($0)/man" }
        guard let found = candidates.first(where: FileManager.default.isExecutableFile) else { return nil }
        program = found
    }

    /// Goes on as `man`, with the page as its input, so that the terminal and Ctrl-C are its own. Returns only if that fails.
    func show(_ page: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "causeway-\(UUID().uuidString).1")
        let isMade = FileManager.default.createFile(
            atPath: file.path,
            contents: Data(page.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        let input = isMade ? open(file.path, O_RDONLY | O_CLOEXEC) : -1
        try? FileManager.default.removeItem(at: file)
        guard input >= 0, dup2(input, STDIN_FILENO) == STDIN_FILENO else { return }
        let words: [String] = ["man", "-l", "-"]
        var arguments = words.map { strdup($0) } + [nil]
        execv(program, &arguments)
        for argument in arguments { free(argument) }
    }
}
