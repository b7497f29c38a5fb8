//! The macros that turn a table of fields into a type, its description and its reading at once.

/// A mapping with fixed fields: `field: Slot = "default" => "example", else "what an absent one means";`.
///
/// A slot `At<T>` is always there: required, or with a default. A slot `Option<At<T>>` may be absent.
macro_rules! shape {
    ($(#[doc = $about:literal])+ $name:ident, $noun:literal;
     $($(#[doc = $doc:literal])+ $field:ident : $slot:ty $(= $default:literal)? => $example:literal
       $(, else $derived:literal)? ;)+) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone)]
        pub(crate) struct $name {
            $($(#[doc = $doc])+ pub(crate) $field: $slot,)+
            lost: Vec<&'static str>,
        }

        impl $crate::language::Shaped for $name {
            fn lost(&self, field: &str) -> bool {
                self.lost.contains(&field)
            }
        }

        impl $name {
            pub(crate) const SHAPE: &'static $crate::language::Shape = &$crate::language::Shape {
                noun: $noun,
                about: concat!($($about),+),
                fields: &[$($crate::language::Field::new(
                    stringify!($field),
                    concat!($($doc),+),
                    <$slot as $crate::language::Slot>::KIND,
                    $crate::language::need!(
                        <$slot as $crate::language::Slot>::REQUIRED $(, default $default)? $(, derived $derived)?
                    ),
                    $example,
                )),+],
            };
        }

        impl $crate::language::Read for $name {
            const KIND: &'static $crate::language::Kind = &$crate::language::Kind::Shape(Self::SHAPE);
            const NOUN: Option<&'static str> = Some($noun);

            fn read(node: &$crate::yaml::Node, reader: &mut $crate::language::Reader<'_>) -> Option<Self> {
                let found = reader.fields(node, Self::SHAPE)?;
                let mut next = found.into_iter();
                let mut lost = Vec::new();
                $(let $field: Option<$slot> = reader.slot(next.next()?, &mut lost);)+
                Some(Self { $($field: $field?,)+ lost })
            }
        }
    };
}

/// Whether a field must be there.
macro_rules! need {
    ($required:expr, default $default:literal) => {
        $crate::language::Need::Default($default)
    };
    ($required:expr, derived $derived:literal) => {
        $crate::language::Need::Derived($derived)
    };
    ($required:expr) => {
        if $required { $crate::language::Need::Required } else { $crate::language::Need::Optional }
    };
}

/// The words a field takes, each with the value it means.
macro_rules! words {
    ($type:ty, $noun:literal; $($text:literal => $value:expr, $meaning:literal;)+) => {
        impl $crate::language::Read for $type {
            const KIND: &'static $crate::language::Kind = &$crate::language::Kind::Words(&[
                $($crate::language::Word { text: $text, meaning: $meaning }),+
            ]);

            fn read(node: &$crate::yaml::Node, reader: &mut $crate::language::Reader<'_>) -> Option<Self> {
                match reader.word(node, $noun, Self::KIND)? {
                    $($text => Some($value),)+
                    _ => None,
                }
            }
        }
    };
}

/// Mappings told apart by the word in one field.
macro_rules! union {
    ($(#[doc = $about:literal])+ $name:ident, $noun:literal, tag $tag:ident => $example:literal;
     $($text:literal => $variant:ident($shape:ty);)+) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone)]
        pub(crate) enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant($shape),)+
        }

        impl $name {
            const TAGS: &'static $crate::language::Kind = &$crate::language::Kind::Words(&[
                $($crate::language::Word { text: $text, meaning: <$shape>::SHAPE.about }),+
            ]);
            const TAG: &'static $crate::language::Field = &$crate::language::Field::new(
                stringify!($tag),
                concat!($($about),+),
                Self::TAGS,
                $crate::language::Need::Required,
                $example,
            );
        }

        impl $crate::language::Read for $name {
            const KIND: &'static $crate::language::Kind = &$crate::language::Kind::Union {
                tag: Self::TAG,
                shapes: &[$(($text, <$shape>::SHAPE)),+],
            };
            const NOUN: Option<&'static str> = Some($noun);

            fn read(node: &$crate::yaml::Node, reader: &mut $crate::language::Reader<'_>) -> Option<Self> {
                match reader.variant(node, Self::KIND)? {
                    $($text => <$shape as $crate::language::Read>::read(node, reader).map(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use {need, shape, union, words};
