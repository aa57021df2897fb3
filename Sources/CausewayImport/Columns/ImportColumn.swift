/// A column of a file, and what it was taken for.
package struct ImportColumn: Hashable, Sendable {
    /// Its name, as the file has it.
    package let header: String
    /// What it becomes, in the words of `--map`; `secret` for what is never read.
    package let target: String
    /// When it counts, where it does not always; empty otherwise.
    package let note: String
}
