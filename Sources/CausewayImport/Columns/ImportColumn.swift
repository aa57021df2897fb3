/// A column of a file, and its meaning.
package struct ImportColumn: Hashable, Sendable {
    /// Its name, as the file has it.
    package let header: String
    /// What it becomes, in the words of `--map`; `secret` for what is never read.
    package let target: String
    /// When it counts, if it does not always; empty otherwise.
    package let note: String
    /// Whether a person has chosen the meaning.
    package var isChosen = false
}
