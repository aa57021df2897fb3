import ArgumentParser

/// `causeway completion SHELL`
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Prints a script with which a shell completes commands and options: bash, zsh or fish.",
        discussion: """
            For this user, in bash: causeway completion bash > ~/.local/share/bash-completion/completions/causeway; in fish: \
            causeway completion fish > ~/.config/fish/completions/causeway.fish; in zsh: causeway completion zsh > FOLDER/_causeway, \
            a folder of $fpath.
            """
    )

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() { print(Causeway.completionScript(for: shell.kind)) }

    /// A shell that ArgumentParser knows.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        fileprivate var kind: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }
}
